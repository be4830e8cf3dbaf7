"""What a member does: accept or decline, write, suggest closing, close, count."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from peersupport.program import form_tokens
from peersupport.sealing import envelope, keyring
from peersupport.team.models import Member

from .. import vault
from ..domain import routing
from ..domain.matching import may_be_offered
from ..domain.routing import slot_of
from ..domain.states import Author, Standing, State
from ..models import MatchingPreferences, Message
from ..queries import availability
from ..queries.unsealing import Opened
from .transitions import Gone, append, ask_others, erase, hand_on, hold, hold_contact, hold_read, keep, one_at_a_time


class Answer(StrEnum):
    """What became of pressing Accept."""

    ACCEPTED = "accepted"
    TAKEN = "taken"  # somebody else was first, or it was closed or handed on
    NOT_ABLE = "not_able"  # the rules no longer let this member take it; it has been handed on


def accept(*, member: Member, request_id: UUID, private_key: bytes) -> Answer:
    """Gives the request to this member, if they were asked and nobody was before them."""
    now = timezone.now()
    try:
        with transaction.atomic():
            one_at_a_time(member)  # so that the cap holds
            request = hold(request_id)
            place = request.routing.place_of(member.pk)
            if request.routing.state != State.OFFERED or place is None or place.standing != Standing.OFFERED:
                return Answer.TAKEN
            content_key = vault.take_key(private_key, place.envelope, request.id, "content")
            card = vault.open_card(content_key, request.shred_key, request.id, bytes(request.row.card))
            if not _may_take(card, member, request.id, now):
                hand_on(request, {member.pk}, now)
                return Answer.NOT_ABLE
            thread_key = envelope.new_key()
            own_public_key = envelope.public_key_of(private_key)
            officer_key = bytes.fromhex(request.routing.officer_key)
            _begin_thread(request, content_key, thread_key)
            keep(
                request,
                routing.accept(
                    request.routing,
                    member.pk,
                    officer_envelope=vault.hand_key(officer_key, thread_key, request.id, "thread"),
                    peer_envelope=vault.hand_key(own_public_key, thread_key, request.id, "thread"),
                    times=availability.times(),
                    now=timezone.localtime(now),
                ),
            )
            return Answer.ACCEPTED
    except (Gone, envelope.CannotOpen):
        return Answer.TAKEN


def decline(*, member: Member, request_id: UUID) -> None:
    """Hands the request on. That this member declined is stored nowhere."""
    with transaction.atomic():
        request = hold(request_id)
        place = request.routing.place_of(member.pk)
        if request.routing.state == State.OFFERED and place and place.standing == Standing.OFFERED:
            hand_on(request, {member.pk}, timezone.now())


def know_this_person(*, member: Member, request_id: UUID) -> None:
    """Hands the request on, before or after accepting it; the officer reads that a peer opened it and did so.

    They are not asked about it again. Raises Gone for one that this member neither was asked nor has.
    """
    now = timezone.now()
    with transaction.atomic():
        request = hold(request_id)
        place = request.routing.place_of(member.pk)
        request = replace(request, routing=routing.known_to(request.routing, member.pk))
        if request.routing.holds_contact(member.pk):
            ask_others(request, now)
        elif request.routing.state == State.OFFERED and place and place.standing == Standing.OFFERED:
            hand_on(request, {member.pk}, now)
        else:
            raise Gone


def write_as_peer(*, member: Member, request_id: UUID, private_key: bytes, token: str, text: str) -> None:
    """Adds a message of the accepting peer. The same press twice writes once. Raises StaleForm and Gone."""
    nonce = form_tokens.nonce_of(token, "write")
    with transaction.atomic():
        request = hold_contact(member, request_id)
        try:
            thread_key = vault.take_key(private_key, request.routing.thread_peer_envelope, request.id, "thread")
        except envelope.CannotOpen as error:
            raise Gone from error
        append(request, thread_key, Author.PEER, nonce, text)


def mark_read_by_peer(*, member: Member, request_id: UUID, seen: int) -> None:
    """seen: the last message on the page that was shown; one that came a moment later is still unread."""
    with transaction.atomic():
        request = hold_contact(member, request_id)
        route = request.routing
        keep(request, replace(route, seen_by_peer=max(route.seen_by_peer, min(seen, route.messages))))


def suggest_closing(*, member: Member, request_id: UUID, seen: int | None = None) -> None:
    """Asks the officer whether it can be closed. Unanswered for seven days it closes by itself.

    Raises Gone, and Unread where the officer has written meanwhile.
    """
    with transaction.atomic():
        request = hold_read(member, request_id, seen)
        if request.routing.suggested is None:
            keep(request, replace(request.routing, suggested=slot_of(timezone.now())))


def close_as_peer(*, member: Member, request_id: UUID, seen: int | None = None) -> str:
    """Erases the contact; gives the id of the key that must be gone before anybody says "erased".

    Raises Gone, and Unread rather than erase what the officer wrote and this peer has not seen.
    """
    with transaction.atomic():
        request = hold_read(member, request_id, seen)
        erase(request, timezone.now())
    return request.row.key_id


def discard_as_peer(*, member: Member, request_id: UUID, seen: int | None = None) -> str:
    """Erases what was no real request, a test or a joke: there is nothing to count. As close_as_peer otherwise."""
    with transaction.atomic():
        request = hold_read(member, request_id, seen)
        erase(request, timezone.now(), is_counted=False)
    return request.row.key_id


def set_sharing(*, member_id: int, not_now: Collection[str], experiences: Collection[str]) -> None:
    """What this member tells the matching alone: what they are not asked about for now, what they lived through."""
    sharing = {"not_now": sorted(set(not_now)), "experiences": sorted(set(experiences))}
    sealed = vault.seal_sharing(keyring.lasting("matching"), member_id, sharing)
    MatchingPreferences.objects.update_or_create(member_id=member_id, defaults={"body": sealed})


def _begin_thread(request: Opened, content_key: bytes, thread_key: bytes) -> None:
    """A thread of its own; what was written to another peer stays only where the officer handed it over.

    It is sealed anew, so that the key which that peer had opens nothing of what follows.
    """
    rows = Message.objects.filter(request_id=request.id)
    if not request.routing.handover:
        rows.delete()
        return
    for row in rows:
        try:
            before = vault.take_over(content_key, request.shred_key, request.id, request.routing.handover)
            written = vault.open_message(before, request.shred_key, request.id, row.id, bytes(row.body))
        except envelope.CannotOpen:  # damaged: that keeps nobody from helping
            row.delete()
            continue
        row.body = vault.seal_message(thread_key, request.shred_key, request.id, row.id, written)
        row.save(update_fields=["body"])


def _may_take(card: dict[str, object], member: Member, request_id: UUID, now: datetime) -> bool:
    peer = next((peer for peer in availability.peers(now) if peer.member_id == member.pk), None)
    return peer is not None and may_be_offered(availability.need_of(card, request_id), peer)
