"""The sealed bytes of the support plane's tables: how each is sealed and opened.

What is sealed under what:

- the shred key (a message has its request's): routings, pending tallies, consultations; the outer layer of messages
  (author, number, half hour) and of closing notes (whom it is for, until when);
- a key derived from the content key and the shred key: a request's card, its words, the thread key for the next peer;
- a key derived from the thread key and the shred key: the text of messages;
- a key derived from a key of its own and the shred key: the text of a closing note;
- a reader's public key (an officer's or a member's): the content key, the thread key, and a closing note's own key;
- the lasting secret `matching`: members' matching preferences, which have no shred key.

Lookup tags (under the plane key) and marks of submitted forms (under the lasting secret `spent`) are keyed hashes.

A function takes one key object: a RowKey where the shred key is enough, a ContentKey or a ThreadKey otherwise.

Each kind is padded to one size and bound to its row and its part; a message also to its author and its number.

Every `open_*` raises `envelope.CannotOpen` for another key, another row or part, bytes that were altered, and content
that is not what it should be.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import UUID

from peersupport.sealing import envelope

from .domain import stored_json
from .domain.card import Card, Words
from .domain.consultation import ConsultationRequest
from .domain.preferences import MemberPreferences
from .domain.routing import Routing
from .domain.states import Author
from .domain.tally import UncountedContact

TEXT_LIMIT = 20_000  # characters
ROUTING_SIZE = 6 * 1024
CARD_SIZE = 8 * 1024  # room for the ids of a few hundred excluded members
WORDS_SIZE = 84 * 1024  # 20,000 characters of four bytes, a contact line, and slack
SMALL_SIZE = 256  # pending tallies and consultations
CLOSING_NOTE_SIZE = 2304  # 500 characters of four bytes, and slack
PREFERENCES_SIZE = 2 * 1024

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True)
class RowKey:
    """The shred key of one row, with the row's id, to which everything sealed in it is bound. Prints no key."""

    id: UUID
    shred_key: bytes = field(repr=False)

    def derive(self, key: bytes, part: str) -> bytes:
        """The key for this part of the row: it takes the shred key and the other key."""
        return envelope.derive(key, salt=self.shred_key, info=_context(self.id, part))


@dataclass(frozen=True)
class ContentKey:
    """What opens the card and the words of a request, together with its shred key. Prints no key."""

    row: RowKey
    key: bytes = field(repr=False)


@dataclass(frozen=True)
class ThreadKey:
    """What opens the messages between an officer and one peer, together with the shred key. Prints no key."""

    row: RowKey
    key: bytes = field(repr=False)


@dataclass(frozen=True)
class ThreadMessage:
    """One message as its readers see it.

    number: from 1, in the order of the thread. half_hour: when it was sent (routing.half_hour_of). is_earlier: by an
    earlier peer.
    """

    author: Author
    number: int
    half_hour: int
    text: str
    is_earlier: bool = False


@dataclass(frozen=True)
class ClosingNoteHeader:
    """The member a closing note is for and the member key it is sealed to. keep_until: the last day it is kept."""

    member_id: int
    key_id: int
    keep_until: date


def lookup_tag(plane_key: bytes, locator: bytes) -> bytes:
    """What a request is looked up by: a keyed hash of the receipt's locator, worthless without the week's plane key."""
    return hmac.digest(plane_key, envelope.context("locator", locator), "sha256")


def seal_routing(row: RowKey, routing: Routing) -> bytes:
    return _seal_row(row, "routing", routing.to_bytes(), ROUTING_SIZE)


def open_routing(row: RowKey, sealed: bytes) -> Routing:
    return _parse(Routing.from_bytes, _open_row(row, "routing", sealed))


def seal_card(key: ContentKey, card: Card) -> bytes:
    return _seal_content(key, "card", card.to_bytes(), CARD_SIZE)


def open_card(key: ContentKey, sealed: bytes) -> Card:
    return _parse(Card.from_bytes, _open_content(key, "card", sealed))


def seal_words(key: ContentKey, words: Words) -> bytes:
    return _seal_content(key, "words", words.to_bytes(), WORDS_SIZE)


def open_words(key: ContentKey, sealed: bytes) -> Words:
    return _parse(Words.from_bytes, _open_content(key, "words", sealed))


def seal_content_key_to(public_key: bytes, key: ContentKey) -> str:
    """Seal the content key to one reader's public key; hexadecimal. Raises ValueError if the public key is damaged."""
    return _seal_key_to(public_key, key.key, key.row.id, "content")


def open_content_key(row: RowKey, private_key: bytes, sealed: str) -> ContentKey:
    return ContentKey(row, _open_key(private_key, sealed, row.id, "content"))


def seal_thread_key_to(public_key: bytes, key: ThreadKey) -> str:
    """Seal the thread key to one reader's public key; hexadecimal. Raises ValueError if the public key is damaged."""
    return _seal_key_to(public_key, key.key, key.row.id, "thread")


def open_thread_key(row: RowKey, private_key: bytes, sealed: str) -> ThreadKey:
    return ThreadKey(row, _open_key(private_key, sealed, row.id, "thread"))


def seal_thread_key_for_next(key: ContentKey, thread_key: ThreadKey) -> str:
    """Seal the thread key under the content key: the officer lets the next peer read what was written before."""
    return _seal_content(key, "thread_key_for_next", thread_key.key, envelope.KEY_BYTES).hex()


def open_thread_key_for_next(key: ContentKey, sealed: str) -> ThreadKey:
    return ThreadKey(key.row, _open_content(key, "thread_key_for_next", _parse(bytes.fromhex, sealed)))


def message_id(row: RowKey, nonce: bytes, author: Author, text: str) -> UUID:
    """The same press of Send gives the same id, so the message is written once; another text is another message."""
    digest = hmac.digest(row.shred_key, envelope.context("message", author, nonce, text), "sha256")
    return UUID(bytes=digest[:16])


def seal_message(key: ThreadKey, message_id: UUID, message: ThreadMessage) -> bytes:
    inner = envelope.seal(
        key.row.derive(key.key, "thread"),
        message.text.encode(),
        size=WORDS_SIZE,
        context=_message_context(key.row.id, message.author, message.number),
    )
    header = stored_json.to_bytes([message.author, message.number, message.half_hour]).ljust(64)
    context = _context(key.row.id, "message") + message_id.bytes
    return envelope.seal(key.row.shred_key, header + inner, size=WORDS_SIZE + 1024, context=context)


def open_message(key: ThreadKey, message_id: UUID, sealed: bytes) -> ThreadMessage:
    context = _context(key.row.id, "message") + message_id.bytes
    outer = envelope.open_sealed(key.row.shred_key, sealed, context=context)
    author, number, half_hour = _parse(_message_header, outer[:64])
    text = envelope.open_sealed(
        key.row.derive(key.key, "thread"), outer[64:], context=_message_context(key.row.id, author, number)
    )
    return ThreadMessage(author=author, number=number, half_hour=half_hour, text=text.decode())


def seal_pending_tally(row: RowKey, tally: UncountedContact) -> bytes:
    return _seal_row(row, "pending tally", tally.to_bytes(), SMALL_SIZE)


def open_pending_tally(row: RowKey, sealed: bytes) -> UncountedContact:
    return _parse(lambda data: UncountedContact.from_bytes(data, row.id), _open_row(row, "pending tally", sealed))


def seal_consultation(row: RowKey, consultation: ConsultationRequest) -> bytes:
    return _seal_row(row, "consultation", consultation.to_bytes(), SMALL_SIZE)


def open_consultation(row: RowKey, sealed: bytes) -> ConsultationRequest:
    return _parse(lambda data: ConsultationRequest.from_bytes(data, row.id), _open_row(row, "consultation", sealed))


def seal_closing_note(row: RowKey, public_key: bytes, header: ClosingNoteHeader, text: str) -> bytes:
    """Seal the text to this member's key alone; the header around it is sealed under the shred key."""
    note_key, part = envelope.new_key(), "closing note"
    inner = envelope.seal(
        row.derive(note_key, part), text.encode(), size=CLOSING_NOTE_SIZE, context=_context(row.id, part)
    )
    sealed_key = _seal_key_to(public_key, note_key, row.id, part)
    outer = stored_json.to_bytes([header.member_id, header.key_id, header.keep_until.isoformat(), sealed_key])
    return _seal_row(row, part, outer.ljust(256) + inner, CLOSING_NOTE_SIZE + 512)


def open_closing_note_header(row: RowKey, sealed: bytes) -> ClosingNoteHeader:
    header, __ = _parse(_closing_note_header, _open_row(row, "closing note", sealed)[:256])
    return header


def open_closing_note(row: RowKey, private_key: bytes, sealed: bytes) -> str:
    part = "closing note"
    outer = _open_row(row, part, sealed)
    __, sealed_key = _parse(_closing_note_header, outer[:256])
    note_key = _open_key(private_key, sealed_key, row.id, part)
    return envelope.open_sealed(row.derive(note_key, part), outer[256:], context=_context(row.id, part)).decode()


def seal_preferences(secret: bytes, member_id: int, preferences: MemberPreferences) -> bytes:
    context = envelope.context("matching preferences", member_id)
    return envelope.seal(secret, preferences.to_bytes(), size=PREFERENCES_SIZE, context=context)


def open_preferences(secret: bytes, member_id: int, sealed: bytes) -> MemberPreferences:
    context = envelope.context("matching preferences", member_id)
    return _parse(MemberPreferences.from_bytes, envelope.open_sealed(secret, sealed, context=context))


def submitted_form_mark(secret: bytes, nonce: bytes, typed: bytes) -> bytes:
    """A keyed hash that recognizes a form submitted with this content; it reveals neither the form nor the content."""
    return hmac.digest(secret, envelope.context("submitted form", nonce, hashlib.sha256(typed).digest()), "sha256")


def _context(of: UUID, part: str) -> bytes:
    return envelope.context(of.bytes, part)


def _message_context(request_id: UUID, author: Author, number: int) -> bytes:
    return envelope.context(request_id.bytes, "thread", author, number)


def _seal_row(row: RowKey, part: str, data: bytes, size: int) -> bytes:
    return envelope.seal(row.shred_key, data, size=size, context=_context(row.id, part))


def _open_row(row: RowKey, part: str, sealed: bytes) -> bytes:
    return envelope.open_sealed(row.shred_key, sealed, context=_context(row.id, part))


def _seal_content(key: ContentKey, part: str, data: bytes, size: int) -> bytes:
    return envelope.seal(key.row.derive(key.key, part), data, size=size, context=_context(key.row.id, part))


def _open_content(key: ContentKey, part: str, sealed: bytes) -> bytes:
    return envelope.open_sealed(key.row.derive(key.key, part), sealed, context=_context(key.row.id, part))


def _seal_key_to(public_key: bytes, key: bytes, row_id: UUID, part: str) -> str:
    return envelope.seal_to(public_key, key, info=_context(row_id, part)).hex()


def _open_key(private_key: bytes, sealed: str, row_id: UUID, part: str) -> bytes:
    return envelope.open_with(private_key, _parse(bytes.fromhex, sealed), info=_context(row_id, part))


def _message_header(data: bytes) -> tuple[Author, int, int]:
    author, number, half_hour = json.loads(data)
    return Author(author), number, half_hour


def _closing_note_header(data: bytes) -> tuple[ClosingNoteHeader, str]:
    """The header, and the note's own key, sealed to the member."""
    member_id, key_id, keep_until, sealed_key = json.loads(data)
    return ClosingNoteHeader(member_id, key_id, date.fromisoformat(keep_until)), sealed_key


def _parse(read: Callable[[S], T], data: S) -> T:
    """What was sealed, as what it should be. Whatever else it is counts as damaged, and no trace quotes it."""
    try:
        return read(data)
    except (ValueError, TypeError, KeyError):
        raise envelope.CannotOpen from None
