"""The sweep of the support plane, each minute: pass on, end and delete what has run out of time."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.utils import timezone

from peersupport.sealing import envelope, keyring
from peersupport.sealing.actions import condemn
from peersupport.team.queries import eligibility

from ..domain import dispatch, routing
from ..domain.matching import Peer
from ..domain.routing import Routing, half_hour_of
from ..domain.states import (
    PENDING_TALLY_KEPT_FOR,
    SET_ASIDE_ERASED_AFTER,
    SET_ASIDE_ERASED_AFTER_WHILE_FULL,
    SUGGESTION_EXPIRES_AFTER,
    UNTOUCHED_ERASED_AFTER,
    UNTOUCHED_REMINDER_AFTER,
    RequestState,
    Urgency,
)
from ..models import PendingTally, Request
from ..queries import flood as figures
from ..queries import matching, members, settings, unsealing
from ..queries.unsealing import UnsealedRequest
from . import closing_note, flood, notify, offers, plane_key, request_rows, submitted_forms
from .erasure import add_pending_tally, erase
from .sealed_rows import delete_where, sweep_each


class _Team:
    """What is read once for the whole sweep when it is first needed: a flood would read it for each request."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    @cached_property
    def peers(self) -> list[Peer]:
        return matching.serving_peers(self.now)

    @cached_property
    def keys(self) -> Mapping[int, int]:
        return eligibility.confirmed_keys(timezone.localdate(self.now))

    @cached_property
    def is_store_full(self) -> bool:
        return figures.is_full()


def run(*, now: datetime) -> None:
    """Sweep everything that bears on requests. Consultations have a sweep of their own."""
    _note_that_format_1_is_over()
    plane_key.replace_if_lost(now=now)
    in_line, team = dict[UUID, Routing](), _Team(now)

    def sweep_row(request_id: UUID) -> None:
        route = _sweep_request(request_id, team, now)
        if route is not None and route.state == RequestState.IN_LINE:
            in_line[request_id] = route

    sweep_each(Request.objects.values_list("pk", flat=True), sweep_row)
    flood.move_lane(list(in_line.items()), now=now)
    submitted_forms.delete_expired(now)
    _delete_expired_tallies(now)
    closing_note.delete_expired(now)


def _sweep_request(request_id: UUID, team: _Team, now: datetime) -> Routing | None:
    """Its routing, for what waits in line and moves afterwards. None where it is over or can't be opened."""
    row = Request.objects.select_for_update().filter(pk=request_id).first()
    if row is None:
        return None
    try:
        request = unsealing.unseal(row)
    except envelope.CannotOpen:
        is_over = keyring.made_at(row.key_id) < (now - UNTOUCHED_ERASED_AFTER).timestamp()
        # If none opens, it is rather the keyring or the host secret that is wrong, and can be put right.
        if is_over and next(unsealing.open_requests(), None) is not None:
            condemn(key_id=row.key_id)
            row.delete()
        return None
    if request is None:  # its key is gone, so it is erased already
        row.delete()
        return None
    if _is_expired(request.routing, half_hour_of(now), is_full=team.is_store_full):
        erase(request, now)
        return None
    request = _without_lost_peers(request, team, now)
    if routing.is_due(request.routing, now):
        _escalate(request, team, now)
    elif request.routing.state == RequestState.NOBODY and request.routing.recipients:
        _offer_to_newly_free(request, team, now)
    elif _is_untouched_reminder_due(request.routing, half_hour_of(now)):
        request_rows.save(request, replace(request.routing, notified_untouched=True))
        peer = request.routing.peer
        if peer is not None:
            notify.members([peer.member_id], urgent=False)
    return request.routing


def _note_that_format_1_is_over() -> None:
    """Where the migration had nothing to seal, and so noted nothing (see requests_app/format_1.py)."""
    with suppress(keyring.KeyringUnavailable):
        if not keyring.has_lasting(keyring.FORMAT_1_IS_OVER) and not unsealing.unreadable():
            keyring.lasting(keyring.FORMAT_1_IS_OVER)


def _is_expired(route: Routing, half_hour: int, *, is_full: bool) -> bool:
    """Whether nobody has touched it, or answered the suggestion to close it, for too long.

    is_full: whether the form takes nothing any more. Then what was set aside as not real goes sooner.
    """
    if (
        route.closing_suggested is not None
        and half_hour - route.closing_suggested >= SUGGESTION_EXPIRES_AFTER // routing.HALF_HOUR
    ):
        return True
    kept_for = UNTOUCHED_ERASED_AFTER
    if route.state == RequestState.SET_ASIDE:
        kept_for = SET_ASIDE_ERASED_AFTER_WHILE_FULL if is_full else SET_ASIDE_ERASED_AFTER
    return half_hour - route.touched >= kept_for // routing.HALF_HOUR


def _is_untouched_reminder_due(route: Routing, half_hour: int) -> bool:
    return not route.notified_untouched and half_hour - route.touched >= UNTOUCHED_REMINDER_AFTER // routing.HALF_HOUR


def _offer_to_newly_free(request: UnsealedRequest, team: _Team, now: datetime) -> None:
    """Offer it to recipients who have become free or available, without waiting for the officer to press."""
    free = matching.free_peers(team.peers, request.routing)
    local = timezone.localtime(now)
    step = dispatch.offer_to_newly_free(request.routing, free=free, times=settings.times(), now=local)
    if step is not None:
        offers.apply(request, step)


def _escalate(request: UnsealedRequest, team: _Team, now: datetime) -> None:
    """Go on to the next wave, or remind the peer who accepted, or take it from them."""
    route, times, local = request.routing, settings.times(), timezone.localtime(now)
    if route.state == RequestState.OFFERED:
        free = matching.free_peers(team.peers, route)
        offers.apply(request, dispatch.escalate(route, free=free, times=times, now=local))
    elif route.is_reminded:
        offers.take_back_from_peer(request, now)
    elif route.peer is not None:
        notify.members([route.peer.member_id], urgent=route.urgency != Urgency.WHEN_YOU_CAN)
        request_rows.save(request, routing.remind(route, times=times, now=local))


def _without_lost_peers(request: UnsealedRequest, team: _Team, now: datetime) -> UnsealedRequest:
    """Take out members who no longer serve, or who have a new key and so can't open anything.

    Whoever can't get in keeps what they have accepted, but an offer goes on to the next.
    """
    lost = {
        recipient.member_id
        for recipient in request.routing.recipients
        if team.keys.get(recipient.member_id) != recipient.key_id
    }
    lost |= eligibility.unreachable() & set(routing.offered_to(request.routing))
    if not lost:
        return request
    peer = request.routing.peer
    if peer is not None and peer.member_id in lost:
        if request.routing.is_answered:  # a contact all the same
            add_pending_tally(peer.member_id, request.routing, timezone.localdate(now))
        request = request_rows.save(request, routing.lose_peer(request.routing))
        notify.oversight()
    if request.routing.state == RequestState.OFFERED:
        return offers.pass_on(request, lost, now, team.peers)
    return request_rows.save(request, routing.without(request.routing, lost))


def _delete_expired_tallies(now: datetime) -> None:
    today = timezone.localdate(now)

    def is_expired(row: PendingTally) -> bool | None:
        pending_tally = members.unseal_tally(row)
        return pending_tally.keep_until < today if pending_tally else None

    delete_where(PendingTally, is_expired, kept_for=PENDING_TALLY_KEPT_FOR + timedelta(days=1), now=now)
