"""What a member may see: what they are asked, whom they are in contact with, what is left to count."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from peersupport.sealing import envelope, keyring
from peersupport.team.models import Member, MemberKey

from .. import vault
from ..domain.matching import Reason
from ..domain.states import Standing, State, Urgency
from ..models import ClosingNote, PendingTally, Request
from . import availability
from .unsealing import Opened, damage_is_noted, open_requests, opened, written_in


@dataclass(frozen=True)
class Offer:
    """What a peer who is asked may see: the card and why they are asked, and nothing of the words."""

    request_id: UUID
    urgency: Urgency
    card: dict[str, Any]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Contact:
    """What a peer sees of a request they have accepted. messages: the number of the last one."""

    request_id: UUID
    urgency: Urgency
    card: dict[str, Any]
    words: dict[str, Any]
    thread: list[vault.Written]
    messages: int
    is_damaged: bool
    is_closing_suggested: bool


@dataclass(frozen=True)
class Owed:
    """A contact that its peer has not counted yet."""

    id: UUID
    member_id: int
    year: int
    response: str
    drop_on: date


def offers_for(member: Member, private_key: bytes) -> list[Offer]:
    """The requests this member has been asked to take, the most urgent first."""
    offered = {request.id: request for request in open_requests() if _is_asked(request, member)}
    cards = {id_: card for id_, request in offered.items() if (card := _card(request, member, private_key))}
    reasons = availability.reasons_of(member.pk, cards, timezone.now())
    found = [Offer(id_, offered[id_].routing.urgency, card, reasons[id_]) for id_, card in cards.items()]
    return sorted(found, key=lambda offer: (list(Urgency).index(offer.urgency), offer.request_id))


def _is_asked(request: Opened, member: Member) -> bool:
    place = request.routing.place_of(member.pk)
    return request.routing.state == State.OFFERED and place is not None and place.standing == Standing.OFFERED


def _card(request: Opened, member: Member, private_key: bytes) -> dict[str, Any] | None:
    place = request.routing.place_of(member.pk)
    with suppress(envelope.CannotOpen):  # sealed to a key this member no longer has; the sweep asks the next one
        content_key = vault.take_key(private_key, place.envelope if place else "", request.id, "content")
        return vault.open_card(content_key, request.shred_key, request.id, bytes(request.row.card))
    return None


def contacts_of(member: Member) -> list[Opened]:
    """The open contacts of a member, without their words."""
    return [request for request in open_requests() if request.routing.holds_contact(member.pk)]


def contacts_with_cards(member: Member, private_key: bytes | None) -> list[tuple[Opened, dict[str, Any]]]:
    """The open contacts with what each is about; with nothing where the key is locked."""
    return [
        (contact, (_card(contact, member, private_key) if private_key else None) or {})
        for contact in contacts_of(member)
    ]


def contact_for(member: Member, request_id: UUID, private_key: bytes) -> Contact:
    """One contact with its words and thread. Raises Http404 for any that is not this member's."""
    row, request = Request.objects.filter(pk=request_id).first(), None
    with damage_is_noted():
        request = opened(row) if row else None
    if request is None or not request.routing.holds_contact(member.pk):
        raise Http404
    routing = request.routing
    card, words, thread, is_damaged = _what_the_peer_reads(request, private_key)
    return Contact(
        request_id=request.id,
        urgency=routing.urgency,
        card=card,
        words=words,
        thread=thread,
        messages=routing.messages,
        is_damaged=is_damaged,
        is_closing_suggested=routing.suggested is not None,
    )


def _what_the_peer_reads(
    request: Opened, private_key: bytes
) -> tuple[dict[str, Any], dict[str, Any], list[vault.Written], bool]:
    """Card, words and thread, and whether something of them is damaged. Raises Http404 for another's key."""
    routing = request.routing
    try:
        content_key = vault.take_key(private_key, routing.peer.envelope if routing.peer else "", request.id, "content")
        thread_key = vault.take_key(private_key, routing.thread_peer_envelope, request.id, "thread")
    except envelope.CannotOpen as error:  # sealed to a key this member no longer has
        raise Http404 from error
    with damage_is_noted():
        card = vault.open_card(content_key, request.shred_key, request.id, bytes(request.row.card))
        words = vault.open_words(content_key, request.shred_key, request.id, bytes(request.row.words))
        return card, words, written_in(request, thread_key), False
    return {}, {}, [], True


def owed_by(member: Member) -> list[Owed]:
    """The contacts this member has still to count."""
    return [owed for owed in owed_tallies() if owed.member_id == member.pk]


def owed_tallies() -> Iterator[Owed]:
    yield from filter(None, map(owed_in, PendingTally.objects.all()))


def owed_in(row: PendingTally) -> Owed | None:
    """None when its key is gone, or when it is damaged: nobody can count it any more."""
    with damage_is_noted(), suppress(keyring.KeyMissing):
        raw = vault.open_owed(keyring.get(row.key_id), row.id, bytes(row.body))
        return Owed(row.id, raw["member"], raw["year"], raw["response"], date.fromisoformat(raw["drop_on"]))
    return None


def last_words_for(member: Member) -> list[UUID]:
    """The last words that wait for this member and that they can open, none of them opened."""
    found = [(row.pk, left) for row in ClosingNote.objects.all() if (left := left_in(row))]
    return [word_id for word_id, left in found if left.member_id == member.pk and is_in_use(left.key_id)]


def left_in(row: ClosingNote) -> vault.Left | None:
    """For whom it is and until when. None when its key is gone, or when it is damaged."""
    with damage_is_noted(), suppress(keyring.KeyMissing):
        return vault.open_last_word_header(keyring.get(row.key_id), row.id, bytes(row.body))
    return None


def is_in_use(key_id: int) -> bool:
    """Whether a member can still open what is sealed to this key of theirs."""
    return MemberKey.objects.filter(pk=key_id, is_retired=False).exists()


def unread_by_peer(request: Opened) -> bool:
    return request.routing.messages > request.routing.seen_by_peer
