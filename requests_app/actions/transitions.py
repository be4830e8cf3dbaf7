"""The steps that the actions share. Each runs inside the caller's transaction."""

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

from peersupport.access.permissions import Permission
from peersupport.notices.actions.outbox import notify_all
from peersupport.sealing import envelope, keyring
from peersupport.sealing.actions import condemn
from peersupport.sealing.receipt import Credentials
from peersupport.team.models import Member, MemberKey
from peersupport.team.queries import members
from stats import queries as stats_queries

from .. import vault
from ..domain import dispatch, routing
from ..domain.dispatch import Step
from ..domain.matching import Need, Peer, Yielded, lacks_only_training, relaxed, shortlist, yielded
from ..domain.routing import Place, Routing, slot_of
from ..domain.states import PLACES, TALLY_IS_OWED, Author
from ..models import Message, PendingTally, PlaneKey, Request
from ..queries import availability, officers, unsealing
from ..queries.unsealing import Opened

log = logging.getLogger("peersupport.requests")
Card = dict[str, Any]
HALF_DAY = 12 * 60 * 60
WEEK = 7 * 24 * 60 * 60
SUPPORT_PLANE_LOCK = 784  # any number that no other lock of this database begins with


class Gone(Exception):
    """The request is closed, or is not this person's."""


class GoneOn(Exception):
    """Another peer has it than on the page where this was pressed. Nothing was done."""


class Unread(Exception):
    """The officer has written what this peer has not seen yet. Nothing was done."""


def one_at_a_time(member: Member) -> None:
    """What this member does on the support plane waits for what they are just doing there.

    A lock on their row would leave the transaction's number on it, by which PostgreSQL could tell whose request is
    whose. SQLite holds the whole database already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SUPPORT_PLANE_LOCK, member.pk])


def hold(request_id: UUID) -> Opened:
    """The request, locked until the transaction ends."""
    row = Request.objects.select_for_update().filter(pk=request_id).first()
    try:
        request = unsealing.opened(row) if row else None
    except envelope.CannotOpen as error:  # damaged: nothing can be done with it
        raise Gone from error
    if request is None:
        raise Gone
    return request


def hold_own(creds: Credentials) -> Opened:
    found = officers.request_with(creds)
    if found is None:
        raise Gone
    return hold(found.id)


def hold_contact(member: Member, request_id: UUID) -> Opened:
    request = hold(request_id)
    if not request.routing.holds_contact(member.pk):
        raise Gone
    return request


def hold_read(member: Member, request_id: UUID, seen: int | None) -> Opened:
    """A contact in which nothing waits to be read. seen: the last message on the page; None where that is unknown."""
    request = hold_contact(member, request_id)
    route = request.routing
    if route.messages > min(route.seen_by_peer, route.messages if seen is None else seen):
        raise Unread
    return request


def keep(request: Opened, route: Routing) -> Opened:
    if route != request.routing:
        request.row.routing = vault.seal_routing(request.shred_key, request.id, route)
        request.row.save(update_fields=["routing"])
    return replace(request, routing=route)


def plane_key(now: datetime) -> bytes:
    """The week's key; its row stays locked until the transaction ends. One that was lost is made anew."""
    if not PlaneKey.objects.filter(pk=1).exists():
        defaults = {"key_id": keyring.create(), "week": int(now.timestamp()) // WEEK}
        PlaneKey.objects.get_or_create(pk=1, defaults=defaults)
    plane = PlaneKey.objects.select_for_update().get(pk=1)
    if keyring.is_destroyed(plane.key_id):
        change_plane_key(plane, keyring.create(), now)
    return keyring.get(plane.key_id)


def change_plane_key(plane: PlaneKey, key_id: str, now: datetime) -> None:
    """From now on receipts find their requests by this key: the open ones are tagged anew."""
    new_key = keyring.get(key_id)
    for request in unsealing.open_requests(Request.objects.select_for_update()):
        request.row.tag = vault.tag(new_key, bytes.fromhex(request.routing.locator))
        request.row.save(update_fields=["tag"])
    plane.key_id, plane.week = key_id, int(now.timestamp()) // WEEK
    plane.save()


def made_possible(
    card: Card, request_id: UUID, known: list[Peer], *, yield_training: bool = False
) -> tuple[Card, Need]:
    """The card with the rules that give way because nobody passes, and the need that is left.

    What the officer let go by a press stays so: whoever is asked next is told as the first was.
    """
    asked_for = availability.need_of({**card, "yielded": []}, request_id)
    is_pressed = yield_training or Yielded.TRAINING in card.get("yielded", ())
    by_press = (Yielded.TRAINING,) if is_pressed and lacks_only_training(asked_for, known) else ()
    need, rules = yielded(relaxed(asked_for, by_press), known)
    return {**card, "yielded": [*by_press, *rules]}, need


def places_for(need: Need, known: list[Peer], content_key: bytes, request_id: UUID, now: datetime) -> tuple[Place, ...]:
    """Seals the content key to the best of the known peers, in their order."""
    keys = current_keys(now)  # without those who left a moment ago
    ranked = [member_id for member_id in shortlist(need, known, PLACES) if member_id in keys]
    return tuple(
        Place(member_id=member_id, key_id=keys[member_id].pk, envelope=handed)
        for member_id in ranked
        if (handed := handed_to(keys[member_id], content_key, request_id, "content"))
    )


def handed_to(key: MemberKey, content_key: bytes, about: UUID, part: str) -> str:
    """What opens it, sealed to this member; empty where their key is damaged, which keeps nobody else from helping."""
    try:
        return vault.hand_key(bytes(key.public_key), content_key, about, part)
    except ValueError:
        log.error("a member's key is damaged, so nothing can be sealed to it")
        return ""


def current_keys(now: datetime) -> dict[int, MemberKey]:
    """The key of each member who serves."""
    serving = members.serving(timezone.localdate(now))
    return {member.pk: member.current_key for member in serving if member.current_key is not None}


def placed(route: Routing, places: tuple[Place, ...], need: Need) -> Routing:
    """The request with those to whom it is sealed from now on, before anybody of them is asked."""
    return replace(route, places=places, over_cap=need.over_cap, wanted=need.wanted, wave=0, due=None, is_held=False)


def ask(request: Opened, route: Routing, known: list[Peer], now: datetime) -> Opened:
    """Asks the first ones and tells them; when nobody is left, tells those who watch over it that something waits."""
    local = timezone.localtime(now)
    return take(
        request, dispatch.ask(route, ready=availability.ready(known, route), times=availability.times(), now=local)
    )


def take(request: Opened, step: Step) -> Opened:
    """What a step has come to: who is told, and where the request stands from now on."""
    tell_members(step.told, urgent=True)  # what can wait has been held until now
    if step.tells_oversight:
        tell_oversight()
    return keep(request, step.routing)


def hand_on(request: Opened, gone: set[int], now: datetime) -> Opened:
    """Without these members; the next are asked when nobody else is being asked."""
    route = routing.without(request.routing, gone)
    if routing.asked(route):
        return keep(request, route)
    ready, local = availability.ready(availability.peers(now), route), timezone.localtime(now)
    return take(request, dispatch.ask_after(route, ready=ready, times=availability.times(), now=local))


def ask_others(request: Opened, now: datetime) -> Opened:
    """The peer who has it has it no longer: what they have begun is theirs to count, and the others are asked."""
    peer = request.routing.peer
    if peer is not None and request.routing.is_answered:
        owe_tally(peer.member_id, request.routing, timezone.localdate(now))
    return ask(request, routing.release_peer(request.routing), availability.peers(now), now)


def tell_oversight() -> None:
    """Coordinator and clinical designee learn that something waits, and nothing more."""
    people = members.people_with(Permission.MANAGE_TEAM) + members.people_with(Permission.ANSWER_CONSULTATION)
    notify_all(user_ids=[user.pk for user in people if user.is_coordinator or user.is_designee], urgent=True)


def append(request: Opened, thread_key: bytes, author: Author, nonce: bytes, text: str) -> bool:
    """Whether the message is new; the same press again is not."""
    message_id = vault.message_id(request.shred_key, nonce, author, text)
    if Message.objects.filter(pk=message_id).exists():
        return False
    now = timezone.now()
    route, number = request.routing, request.routing.messages + 1
    written = vault.Written(author=author, number=number, slot=slot_of(now), text=text)
    Message.objects.create(
        id=message_id,
        request_id=request.id,
        body=vault.seal_message(thread_key, request.shred_key, request.id, message_id, written),
    )
    if author == Author.OFFICER:
        route = replace(route, seen_by_officer=number, officer_read=slot_of(now))
    else:
        route = replace(routing.answered(route), seen_by_peer=number)
    keep(request, replace(route, messages=number, touched=slot_of(now), suggested=None, told_untouched=False))
    return True


def tell_members(member_ids: Collection[int], *, urgent: bool) -> None:
    """All in one go: told one by one, two requests that ring the same people could wait for each other."""
    notify_all(user_ids=Member.objects.filter(pk__in=member_ids).values_list("user_id", flat=True), urgent=urgent)


def erase(request: Opened, now: datetime, *, is_counted: bool = True) -> None:
    """Ends it: the key is condemned with the row in one transaction; what is left is a count to be made."""
    condemn(key_id=request.row.key_id)
    peer = request.routing.peer
    if peer is not None and is_counted:
        owe_tally(peer.member_id, request.routing, timezone.localdate(now))
    request.row.delete()


def owe_tally(member_id: int, route: Routing, today: date) -> None:
    owed_id, key_id = uuid4(), keyring.create()
    owed = {
        "member": member_id,
        "year": stats_queries.current_period(today).year,
        "response": routing.response_code(route),
        "drop_on": (today + TALLY_IS_OWED).isoformat(),
    }
    PendingTally.objects.create(id=owed_id, key_id=key_id, body=vault.seal_owed(keyring.get(key_id), owed_id, owed))
