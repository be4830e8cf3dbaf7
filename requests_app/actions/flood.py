"""Counts the requests that come, and moves the slow lane: those that came beyond the rate, one every few seconds."""

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from peersupport.core import single_row

from .. import vault
from ..domain import flood
from ..domain.flood import Arrivals
from ..domain.half_hours import minute_of
from ..domain.matching import Peer
from ..domain.outline import Outline
from ..domain.states import RequestState
from ..models import ArrivalCount
from ..queries import flood as queries
from ..queries import matching
from ..vault import RowKey
from . import notify, offers, request_rows
from .sealed_rows import sweep_each

LOT_BYTES = 8


def count_arrival(plane_key: bytes, *, now: datetime) -> None:
    """Count one more request, in the transaction that stores it and that holds the row of this key."""
    _change(vault.arrivals_key(plane_key), lambda arrivals: arrivals.with_one_more(flood.slot_of(now)))


def move_lane(waiting: Sequence[tuple[UUID, Outline]], *, now: datetime) -> None:
    """Offer those in the slow lane whose turn it is, once a minute at most.

    Writes the count anew each minute, whether anybody came or not: when it was last written tells nothing.
    """
    moves, tells = False, False
    is_flood = not all(route.is_sent_again for _, route in waiting)

    def each_minute(arrivals: Arrivals) -> Arrivals:
        nonlocal moves, tells
        moves = bool(waiting) and arrivals.moves_in(minute_of(now))
        tells = is_flood and not arrivals.is_told
        released = minute_of(now) if moves else arrivals.released
        return replace(arrivals.at(flood.slot_of(now)), released=released, is_told=is_flood)

    with transaction.atomic():
        _change(queries.key(), each_minute)
        if tells:
            notify.oversight()
    if moves:
        with_lots = [(request_id, route, secrets.token_bytes(LOT_BYTES)) for request_id, route in waiting]
        turn = flood.next_in_line(with_lots, flood.places_a_minute(settings.LANE_SECONDS))
        peers = matching.serving_peers(now)
        sweep_each(turn, lambda request_id: _offer(request_id, peers, now))


def _offer(request_id: UUID, peers: list[Peer], now: datetime) -> None:
    with suppress(request_rows.RequestUnavailable):  # closed a moment ago
        request = request_rows.lock(request_id)
        if request.routing.state == RequestState.IN_LINE:
            offers.offer(request, request.routing, peers, now)


def _change(key: RowKey | None, change: Callable[[Arrivals], Arrivals]) -> Arrivals:
    """What is counted, changed and sealed anew. Nothing is stored before the first request ever: without a key."""
    if key is None:
        return change(Arrivals())
    with transaction.atomic(savepoint=False):
        before = queries.arrivals(key, for_update=True)
        if before is None:
            ArrivalCount.objects.get_or_create(pk=1, defaults={"body": vault.seal_arrivals(key, Arrivals())})
            before = queries.arrivals(key, for_update=True)
        arrivals = change(before or Arrivals())
        single_row.write(ArrivalCount, "body", vault.seal_arrivals(key, arrivals))
    return arrivals
