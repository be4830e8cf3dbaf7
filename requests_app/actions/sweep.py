"""What time does: hands on, ends, drops and renews. Called by the sweep."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from peersupport.sealing import keyring
from peersupport.sealing.actions import condemn
from peersupport.sealing.queries import is_erased
from peersupport.team.queries import members

from ..domain import dispatch, routing
from ..domain.routing import Routing, slot_of
from ..domain.states import SUGGESTION_STANDS, UNTOUCHED_IS_ERASED, UNTOUCHED_IS_TOLD, State, Urgency
from ..models import PendingTally, PlaneKey, Request, SubmittedForm
from ..queries import availability, unsealing
from ..queries import members as members_queries
from ..queries.unsealing import Opened
from .closing_note import drop_old_last_words
from .sweep_rows import drop_where, tend_each
from .transitions import (
    HALF_DAY,
    ask_others,
    change_plane_key,
    erase,
    hand_on,
    keep,
    owe_tally,
    plane_key,
    take,
    tell_members,
    tell_oversight,
)


def tend_all(*, now: datetime) -> None:
    """What time does: hands on what nobody answered, ends what nobody touches, drops what has had its time."""
    _mend_plane_key(now)
    tend_each(Request.objects.values_list("pk", flat=True), lambda request_id: _tend(request_id, now))
    _drop_what_had_its_time(now)


def _mend_plane_key(now: datetime) -> None:
    """Without it nobody finds their request. It is made anew wherever it is used; this is for when nobody asks."""
    plane = PlaneKey.objects.filter(pk=1).first()
    if plane is not None and is_erased(plane.key_id):
        with transaction.atomic():
            plane_key(now)


def renew_plane_key(*, now: datetime) -> None:
    """Makes a new key for finding requests, re-tags the open ones, and destroys the old key."""
    new_key_id = keyring.create()
    with transaction.atomic():
        plane_key(now)
        plane = PlaneKey.objects.get(pk=1)
        condemn(key_id=plane.key_id)
        change_plane_key(plane, new_key_id, now)


def _tend(request_id: UUID, now: datetime) -> None:
    row = Request.objects.select_for_update().filter(pk=request_id).first()
    if row is None:
        return
    request = unsealing.opened(row)
    if request is None:  # its key is gone, so it is erased already
        row.delete()
        return
    route, slot = request.routing, slot_of(now)
    suggestion_is_old = route.suggested is not None and slot - route.suggested >= SUGGESTION_STANDS // routing.SLOT
    if suggestion_is_old or slot - route.touched >= UNTOUCHED_IS_ERASED // routing.SLOT:
        erase(request, now)
        return
    request = _without_lost_peers(request, now)
    if routing.is_due(request.routing, now):
        _go_on(request, now)
    elif request.routing.state == State.NOBODY and request.routing.places:
        _ask_again(request, now)
    elif _is_untouched(request.routing, slot):
        keep(request, replace(request.routing, told_untouched=True))
        peer = request.routing.peer
        if peer is not None:
            tell_members([peer.member_id], urgent=False)


def _ask_again(request: Opened, now: datetime) -> None:
    """Somebody who could not take it before may be free by now, or in their hours: nobody waits for a press."""
    ready, local = availability.ready(availability.peers(now), request.routing), timezone.localtime(now)
    step = dispatch.ask_again(request.routing, ready=ready, times=availability.times(), now=local)
    if step is not None:
        take(request, step)


def _go_on(request: Opened, now: datetime) -> None:
    """What follows when those who were asked, or the one who has accepted, have had their time."""
    route, times, local = request.routing, availability.times(), timezone.localtime(now)
    if route.state == State.OFFERED:
        ready = availability.ready(availability.peers(now), route)
        take(request, dispatch.time_is_up(route, ready=ready, times=times, now=local))
    elif route.is_reminded:
        ask_others(request, now)
    elif route.peer is not None:
        tell_members([route.peer.member_id], urgent=route.urgency != Urgency.WHEN_YOU_CAN)
        keep(request, routing.remind(route, times=times, now=local))


def _is_untouched(route: Routing, slot: int) -> bool:
    return not route.told_untouched and slot - route.touched >= UNTOUCHED_IS_TOLD // routing.SLOT


def _without_lost_peers(request: Opened, now: datetime) -> Opened:
    """Members who no longer serve, or whose key is a new one, can open nothing: it goes on without them."""
    keys = members.keys_held(timezone.localdate(now))
    lost = {place.member_id for place in request.routing.places if keys.get(place.member_id) != place.key_id}
    if not lost:
        return request
    peer = request.routing.peer
    if peer is not None and peer.member_id in lost:
        if request.routing.is_answered:  # a contact all the same
            owe_tally(peer.member_id, request.routing, timezone.localdate(now))
        request = keep(request, routing.lose_peer(request.routing))
        tell_oversight()
    if request.routing.state == State.OFFERED:
        return hand_on(request, lost, now)
    return keep(request, routing.without(request.routing, lost))


def _drop_what_had_its_time(now: datetime) -> None:
    SubmittedForm.objects.filter(half_day__lt=int(now.timestamp()) // HALF_DAY - 1).delete()
    today = timezone.localdate(now)
    drop_where(PendingTally, lambda row: (owed := members_queries.owed_in(row)) is None or owed.drop_on < today)
    drop_old_last_words(now)
