"""The sweep of the support plane, each minute: pass on, end and delete what has run out of time."""

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.utils import timezone

from peersupport.sealing import envelope, keyring
from peersupport.sealing.actions import condemn

from ..domain import dispatch, routing
from ..domain.dispatch import FreePeers
from ..domain.half_hours import half_hour_of, minute_of
from ..domain.matching import Peer
from ..domain.outline import Outline
from ..domain.states import PENDING_TALLY_KEPT_FOR, UNTOUCHED_ERASED_AFTER, RequestState, Urgency
from ..models import PendingTally, Request
from ..queries import flood as figures
from ..queries import matching, members, outlines, unsealing
from ..queries.team_now import team_now
from ..queries.unsealing import UnsealedRequest
from . import closing_note, flood, notify, offers, plane_key, request_rows, submitted_forms
from .erasure import add_pending_tally, erase
from .sealed_rows import delete_where, sweep_each

log = logging.getLogger("peersupport.requests")


class _Looked:
    """What one sweep goes by, read once: a flood would have it read for each request."""

    def __init__(self, now: datetime, *, may_erase: bool) -> None:
        self.may_erase = may_erase
        self.now, self.half_hour, self.minute = now, half_hour_of(now), minute_of(now)
        self.open = outlines.open_now()
        self.team = team_now(now)
        self.is_store_full = figures.is_full()

    @cached_property
    def peers(self) -> dict[int, Peer]:
        return {peer.member_id: peer for peer in matching.serving_peers(self.now, rows=self.open)}

    def is_expired(self, outline: Outline) -> bool:
        return self.may_erase and outline.is_expired(self.half_hour, is_full=self.is_store_full)

    @cached_property
    def does_any_open(self) -> bool:
        """Asked of the disk: what is remembered tells only what opened before."""
        return next(unsealing.open_requests(), None) is not None

    def free_for(self, outline: Outline) -> FreePeers:
        """Which of those it is sealed to have room for it."""
        return matching.free_peers(
            [self.peers[each.member_id] for each in outline.recipients if each.member_id in self.peers], outline
        )

    def lost(self, outline: Outline) -> set[int]:
        return outline.lost(self.team.held_keys, self.team.unreachable)

    def is_anybody_newly_free(self, outline: Outline) -> bool:
        return outline.state == RequestState.NOBODY and bool(dispatch.newly_free(outline, self.free_for(outline)))

    def is_anything_due(self, outline: Outline) -> bool:
        """Whether the sweep has to open it: any of what `_sweep_request` asks about."""
        return (
            self.is_expired(outline)
            or bool(self.lost(outline))
            or outline.is_due(self.minute)
            or self.is_anybody_newly_free(outline)
            or outline.is_untouched_reminder_due(self.half_hour)
        )


def run(*, now: datetime, may_erase: bool = True) -> None:
    """Sweep everything that bears on requests. Consultations have a sweep of their own.

    may_erase: whether the clock can be believed (peersupport/program/domain/clock.py). Where it can't, requests are
    offered and passed on all the same, and nothing goes because its time is over.
    """
    _note_that_format_1_is_over()
    plane_key.replace_if_lost(now=now)
    try:
        in_line = _sweep_requests(now, may_erase=may_erase)
    except keyring.KeyringUnavailable:
        log.error("the keyring is not available, so no request could be swept")
        in_line = []
    flood.move_lane(in_line, now=now)
    if may_erase:
        submitted_forms.delete_expired(now)
        _delete_expired_tallies(now)
        closing_note.delete_expired(now)


def _sweep_requests(now: datetime, *, may_erase: bool) -> list[tuple[UUID, Outline]]:
    """Sweep those for which there is something to do; returns those that wait in line afterwards."""
    looked, swept = _Looked(now, may_erase=may_erase), dict[UUID, Outline | None]()

    def sweep_row(request_id: UUID) -> None:
        swept[request_id] = _sweep_request(request_id, looked)

    due = [request_id for request_id, outline in looked.open.outlines.items() if looked.is_anything_due(outline)]
    sweep_each([*due, *looked.open.erased, *looked.open.unreadable], sweep_row)
    left = {**looked.open.outlines, **swept}
    return [(id_, outline) for id_, outline in left.items() if outline and outline.state == RequestState.IN_LINE]


def _sweep_request(request_id: UUID, looked: _Looked) -> Outline | None:
    """Where it stands afterwards. None where it is over or can't be opened."""
    now = looked.now
    row = Request.objects.select_for_update().filter(pk=request_id).first()
    if row is None:
        return None
    try:
        request = unsealing.unseal(row)
    except envelope.CannotOpen:
        outlines.drop(request_id)
        is_over = keyring.made_at(row.key_id) < (now - UNTOUCHED_ERASED_AFTER).timestamp()
        # If none opens, it is rather the keyring or the host secret that is wrong, and can be put right.
        if is_over and looked.may_erase and looked.does_any_open:
            condemn(key_id=row.key_id)
            row.delete()
        return None
    if request is None:  # its key is gone, so it is erased already
        row.delete()
        return None
    if looked.is_expired(request.routing):
        erase(request, now)
        return None
    request = _without_lost_peers(request, looked)
    if request.routing.is_due(looked.minute):
        _escalate(request, looked)
    elif looked.is_anybody_newly_free(request.routing):
        _offer_to_newly_free(request, looked)
    elif request.routing.is_untouched_reminder_due(looked.half_hour):
        request_rows.save(request, replace(request.routing, notified_untouched=True))
        if request.routing.peer_id is not None:
            notify.members([request.routing.peer_id], urgent=False, now=now)
    return request.routing


def _note_that_format_1_is_over() -> None:
    """Where the migration had nothing to seal, and so noted nothing (see requests_app/format_1.py)."""
    with suppress(keyring.KeyringUnavailable):
        if not keyring.has_lasting(keyring.FORMAT_1_IS_OVER) and not unsealing.unreadable():
            keyring.lasting(keyring.FORMAT_1_IS_OVER)


def _offer_to_newly_free(request: UnsealedRequest, looked: _Looked) -> None:
    """Offer it to recipients who have become free or available, without waiting for the officer to press."""
    free, local = looked.free_for(request.routing), timezone.localtime(looked.now)
    step = dispatch.offer_to_newly_free(request.routing, free=free, times=looked.team.times, now=local)
    if step is not None:
        offers.apply(request, step, looked.now)


def _escalate(request: UnsealedRequest, looked: _Looked) -> None:
    """Go on to the next wave, or remind the peer who accepted, or take it from them."""
    route, times, local = request.routing, looked.team.times, timezone.localtime(looked.now)
    if route.state == RequestState.OFFERED:
        step = dispatch.escalate(route, free=looked.free_for(route), times=times, now=local)
        offers.apply(request, step, looked.now)
    elif route.is_reminded:
        offers.take_back_from_peer(request, looked.now)
    elif route.peer_id is not None:
        notify.members([route.peer_id], urgent=route.urgency != Urgency.WHEN_YOU_CAN, now=looked.now)
        request_rows.save(request, routing.remind(route, times=times, now=local))


def _without_lost_peers(request: UnsealedRequest, looked: _Looked) -> UnsealedRequest:
    """Take out members who can't go on with it."""
    lost, peer_id = looked.lost(request.routing), request.routing.peer_id
    if not lost:
        return request
    if peer_id in lost:
        if request.routing.is_answered:  # a contact all the same
            add_pending_tally(peer_id, request.routing, timezone.localdate(looked.now))
        request = request_rows.save(request, routing.lose_peer(request.routing))
        notify.oversight()
    if request.routing.state == RequestState.OFFERED:
        return offers.pass_on(request, lost, looked.now, list(looked.peers.values()))
    return request_rows.save(request, routing.without(request.routing, lost))


def _delete_expired_tallies(now: datetime) -> None:
    today = timezone.localdate(now)

    def is_expired(row: PendingTally) -> bool | None:
        pending_tally = members.unseal_tally(row)
        return pending_tally.keep_until < today if pending_tally else None

    delete_where(PendingTally, is_expired, kept_for=PENDING_TALLY_KEPT_FOR + timedelta(days=1), now=now)
