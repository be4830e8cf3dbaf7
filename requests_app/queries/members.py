"""What a member may see: their offers, their contacts, and what is left to tally."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from peersupport.sealing import envelope, keyring
from peersupport.team.models import Member, MemberKey

from .. import leftovers_vault, vault
from ..domain.card import Card, Words
from ..domain.matching import MatchReason
from ..domain.states import RequestState, Urgency
from ..domain.tally import UncountedContact
from ..message_vault import ThreadMessage, TurnKey
from ..models import ClosingNote, PendingTally, Request
from ..vault import ContentKey, ThreadKey
from . import matching, outlines
from .unsealing import Content, UnsealedRequest, card_of, content_of, damage_logged, open_requests, turn_key, unseal


@dataclass(frozen=True)
class Offer:
    """What a peer may see of a request offered to them: the card and the reasons, nothing of the words."""

    request_id: UUID
    urgency: Urgency
    card: Card
    reasons: tuple[MatchReason, ...]


@dataclass(frozen=True)
class Contact:
    """What a peer sees of a request they have accepted; no card and no words where it is damaged.

    messages: the number of the last one.
    """

    request_id: UUID
    urgency: Urgency
    card: Card | None
    words: Words | None
    thread: tuple[ThreadMessage, ...]
    messages: int
    is_damaged: bool
    is_closing_suggested: bool

    @property
    def is_empty(self) -> bool:
        """Whether nobody has written anything in it, as far as can be read."""
        is_wordless = self.words is not None and not self.words.message and not self.words.contact
        return is_wordless and not self.thread and not self.is_damaged


def offers_for(member: Member, private_key: bytes) -> list[Offer]:
    """The requests offered to this member, the most urgent first; after all others, what somebody took for not real."""
    ids = [id_ for id_, outline in outlines.open_now().outlines.items() if outline.is_offered_to(member.pk)]
    requests = open_requests(Request.objects.filter(pk__in=ids))
    offered = {request.id: request for request in requests if request.routing.is_offered_to(member.pk)}
    cards = {id_: card for id_, request in offered.items() if (card := _card(request, member, private_key))}
    reasons = matching.match_reasons(member.pk, cards, timezone.now())
    offers = [Offer(id_, offered[id_].routing.urgency, card, reasons[id_]) for id_, card in cards.items()]

    def rank(offer: Offer) -> tuple[bool, int, UUID]:
        is_marked = bool(offered[offer.request_id].routing.marked_by)
        return is_marked, list(Urgency).index(offer.urgency), offer.request_id

    return sorted(offers, key=rank)


def set_aside_by(member: Member) -> list[UUID]:
    """The requests that were set aside as not real by a mark of this member's, among others'."""
    return [
        id_
        for id_, outline in outlines.open_now().outlines.items()
        if outline.state == RequestState.SET_ASIDE and member.pk in outline.marked_by
    ]


def _card(request: UnsealedRequest, member: Member, private_key: bytes) -> Card | None:
    recipient = request.routing.recipient_for(member.pk)
    with suppress(envelope.CannotOpen):  # sealed to a key this member no longer has; the sweep passes it on
        content_key = vault.open_content_key(request.key, private_key, recipient.envelope if recipient else "")
        return card_of(request, content_key)
    return None


def contacts_of(member: Member) -> list[UnsealedRequest]:
    """The open contacts of a member, without their words."""
    ids = [id_ for id_, outline in outlines.open_now().outlines.items() if outline.is_contact_of(member.pk)]
    requests = open_requests(Request.objects.filter(pk__in=ids))
    return [request for request in requests if request.routing.is_contact_of(member.pk)]


def contacts_with_cards(member: Member, private_key: bytes | None) -> list[tuple[UnsealedRequest, Card | None]]:
    """The open contacts of a member with their cards; no cards without the private key."""
    return [(contact, _card(contact, member, private_key) if private_key else None) for contact in contacts_of(member)]


def contact_for(member: Member, request_id: UUID, private_key: bytes) -> Contact | None:
    """One contact with its words and thread. None where it is closed or isn't this member's."""
    row, request = Request.objects.filter(pk=request_id).first(), None
    with damage_logged():
        request = unseal(row) if row else None
    if request is None or not request.routing.is_contact_of(member.pk):
        return None
    routing = request.routing
    try:
        content = _unseal_for_peer(request, private_key)
    except envelope.CannotOpen:  # sealed to a key this member no longer has
        return None
    return Contact(
        request_id=request.id,
        urgency=routing.urgency,
        card=content.card,
        words=content.words,
        thread=content.thread,
        messages=routing.messages,
        is_damaged=content.is_damaged,
        is_closing_suggested=routing.closing_suggested is not None,
    )


def _unseal_for_peer(request: UnsealedRequest, private_key: bytes) -> Content:
    """Raises CannotOpen for another's key."""
    return content_of(request, *_keys_of_peer(request, private_key))


def turn_key_of_peer(request: UnsealedRequest, private_key: bytes) -> TurnKey:
    """What the accepting peer writes with. Raises CannotOpen for another's key."""
    return turn_key(request, *_keys_of_peer(request, private_key))


def _keys_of_peer(request: UnsealedRequest, private_key: bytes) -> tuple[ContentKey, ThreadKey]:
    routing = request.routing
    content_key = vault.open_content_key(request.key, private_key, routing.peer.envelope if routing.peer else "")
    return content_key, vault.open_thread_key(request.key, private_key, routing.thread_peer_envelope)


def pending_tallies_of(member: Member) -> list[UncountedContact]:
    """This member's pending tallies."""
    return [each for each in pending_tallies() if each.member_id == member.pk]


def pending_tallies() -> Iterator[UncountedContact]:
    yield from filter(None, map(unseal_tally, PendingTally.objects.all()))


def unseal_tally(row: PendingTally) -> UncountedContact | None:
    """None when its key is gone, or when it is damaged: it can't be tallied any more."""
    with damage_logged(), suppress(keyring.KeyMissing):
        return leftovers_vault.open_pending_tally(vault.row_key(row.id, row.key_id), bytes(row.body))
    return None


def closing_notes_for(member: Member) -> list[UUID]:
    """The ids of the closing notes that wait for this member and that they can open."""
    rows = ClosingNote.objects.all()
    headers = [(row.pk, header) for row in rows if (header := unseal_closing_note_header(row))]
    return [id_ for id_, header in headers if header.member_id == member.pk and is_current_key(header.key_id)]


def unseal_closing_note_header(row: ClosingNote) -> leftovers_vault.ClosingNoteHeader | None:
    """None when its key is gone, or when it is damaged."""
    with damage_logged(), suppress(keyring.KeyMissing):
        return leftovers_vault.open_closing_note_header(vault.row_key(row.id, row.key_id), bytes(row.body))
    return None


def is_current_key(key_id: int) -> bool:
    """Whether the member this key belongs to can still open what is sealed to it."""
    return MemberKey.objects.filter(pk=key_id, is_retired=False).exists()
