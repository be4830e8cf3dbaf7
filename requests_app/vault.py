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

Each kind is padded to one size and bound to its row and its part; a message also to its author and its number.

Every `open_*` raises `envelope.CannotOpen` for another key, another row or part, or bytes that were altered.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from peersupport.sealing import envelope

from .domain.routing import Routing
from .domain.states import Author

TEXT_LIMIT = 20_000  # characters
ROUTING_SIZE = 6 * 1024
CARD_SIZE = 8 * 1024  # room for the ids of a few hundred excluded members
WORDS_SIZE = 84 * 1024  # 20,000 characters of four bytes, a contact line, and slack
SMALL_SIZE = 256  # pending tallies and consultations
CLOSING_NOTE_SIZE = 2304  # 500 characters of four bytes, and slack
PREFERENCES_SIZE = 2 * 1024


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


def json_bytes(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def lookup_tag(plane_key: bytes, locator: bytes) -> bytes:
    """What a request is looked up by: a keyed hash of the receipt's locator, worthless without the week's plane key."""
    return hmac.digest(plane_key, envelope.context("locator", locator), "sha256")


def seal_routing(shred_key: bytes, request_id: UUID, routing: Routing) -> bytes:
    return envelope.seal(shred_key, routing.to_bytes(), size=ROUTING_SIZE, context=_context(request_id, "routing"))


def open_routing(shred_key: bytes, request_id: UUID, sealed: bytes) -> Routing:
    return Routing.from_bytes(envelope.open_sealed(shred_key, sealed, context=_context(request_id, "routing")))


def seal_card(content_key: bytes, shred_key: bytes, request_id: UUID, card: dict[str, Any]) -> bytes:
    return _seal_part("card", CARD_SIZE, content_key, shred_key, request_id, card)


def open_card(content_key: bytes, shred_key: bytes, request_id: UUID, sealed: bytes) -> dict[str, Any]:
    return _open_part("card", content_key, shred_key, request_id, sealed)


def seal_words(content_key: bytes, shred_key: bytes, request_id: UUID, words: dict[str, Any]) -> bytes:
    return _seal_part("words", WORDS_SIZE, content_key, shred_key, request_id, words)


def open_words(content_key: bytes, shred_key: bytes, request_id: UUID, sealed: bytes) -> dict[str, Any]:
    return _open_part("words", content_key, shred_key, request_id, sealed)


def seal_key_to(public_key: bytes, key: bytes, request_id: UUID, part: str) -> str:
    """Seal the content key (part "content") or the thread key ("thread") to one reader's public key; hexadecimal.

    Raises ValueError if the public key is damaged.
    """
    return envelope.seal_to(public_key, key, info=_context(request_id, part)).hex()


def open_key(private_key: bytes, sealed: str, request_id: UUID, part: str) -> bytes:
    return envelope.open_with(private_key, bytes.fromhex(sealed), info=_context(request_id, part))


def seal_thread_key_for_next(content_key: bytes, shred_key: bytes, request_id: UUID, thread_key: bytes) -> str:
    """Seal the thread key under the content key: the officer lets the next peer read what was written before."""
    bound = _context(request_id, "thread_key_for_next")
    key = envelope.derive(content_key, salt=shred_key, info=bound)
    return envelope.seal(key, thread_key, size=envelope.KEY_BYTES, context=bound).hex()


def open_thread_key_for_next(content_key: bytes, shred_key: bytes, request_id: UUID, sealed: str) -> bytes:
    bound = _context(request_id, "thread_key_for_next")
    key = envelope.derive(content_key, salt=shred_key, info=bound)
    return envelope.open_sealed(key, bytes.fromhex(sealed), context=bound)


def message_id(shred_key: bytes, nonce: bytes, author: Author, text: str) -> UUID:
    """The same press of Send gives the same id, so the message is written once; another text is another message."""
    digest = hmac.digest(shred_key, envelope.context("message", author, nonce, text), "sha256")
    return UUID(bytes=digest[:16])


def seal_message(
    thread_key: bytes, shred_key: bytes, request_id: UUID, message_id: UUID, message: ThreadMessage
) -> bytes:
    inner = envelope.seal(
        envelope.derive(thread_key, salt=shred_key, info=_context(request_id, "thread")),
        message.text.encode(),
        size=WORDS_SIZE,
        context=_message_context(request_id, message.author, message.number),
    )
    header = json_bytes([message.author, message.number, message.half_hour]).ljust(64)
    return envelope.seal(
        shred_key,
        header + inner,
        size=WORDS_SIZE + 1024,
        context=_context(request_id, "message") + message_id.bytes,
    )


def open_message(
    thread_key: bytes, shred_key: bytes, request_id: UUID, message_id: UUID, sealed: bytes
) -> ThreadMessage:
    outer = envelope.open_sealed(shred_key, sealed, context=_context(request_id, "message") + message_id.bytes)
    author, number, half_hour = json.loads(outer[:64])
    text = envelope.open_sealed(
        envelope.derive(thread_key, salt=shred_key, info=_context(request_id, "thread")),
        outer[64:],
        context=_message_context(request_id, Author(author), number),
    )
    return ThreadMessage(author=Author(author), number=number, half_hour=half_hour, text=text.decode())


def seal_pending_tally(shred_key: bytes, tally_id: UUID, tally: dict[str, Any]) -> bytes:
    return envelope.seal(shred_key, json_bytes(tally), size=SMALL_SIZE, context=_context(tally_id, "pending tally"))


def open_pending_tally(shred_key: bytes, tally_id: UUID, sealed: bytes) -> dict[str, Any]:
    opened: dict[str, Any] = json.loads(
        envelope.open_sealed(shred_key, sealed, context=_context(tally_id, "pending tally"))
    )
    return opened


def seal_consultation(shred_key: bytes, consultation_id: UUID, consultation: dict[str, Any]) -> bytes:
    context = _context(consultation_id, "consultation")
    return envelope.seal(shred_key, json_bytes(consultation), size=SMALL_SIZE, context=context)


def open_consultation(shred_key: bytes, consultation_id: UUID, sealed: bytes) -> dict[str, Any]:
    context = _context(consultation_id, "consultation")
    opened: dict[str, Any] = json.loads(envelope.open_sealed(shred_key, sealed, context=context))
    return opened


def seal_closing_note(
    public_key: bytes, shred_key: bytes, note_id: UUID, header: ClosingNoteHeader, text: str
) -> bytes:
    """Seal the text to this member's key alone; the header around it is sealed under the shred key."""
    note_key, bound = envelope.new_key(), _context(note_id, "closing note")
    inner = envelope.seal(
        envelope.derive(note_key, salt=shred_key, info=bound), text.encode(), size=CLOSING_NOTE_SIZE, context=bound
    )
    sealed_key = seal_key_to(public_key, note_key, note_id, "closing note")
    outer = json_bytes([header.member_id, header.key_id, header.keep_until.isoformat(), sealed_key]).ljust(256)
    return envelope.seal(shred_key, outer + inner, size=CLOSING_NOTE_SIZE + 512, context=bound)


def open_closing_note_header(shred_key: bytes, note_id: UUID, sealed: bytes) -> ClosingNoteHeader:
    outer = envelope.open_sealed(shred_key, sealed, context=_context(note_id, "closing note"))
    member_id, key_id, keep_until, _ = json.loads(outer[:256])
    return ClosingNoteHeader(member_id, key_id, date.fromisoformat(keep_until))


def open_closing_note(private_key: bytes, shred_key: bytes, note_id: UUID, sealed: bytes) -> str:
    bound = _context(note_id, "closing note")
    outer = envelope.open_sealed(shred_key, sealed, context=bound)
    *_, sealed_key = json.loads(outer[:256])
    note_key = open_key(private_key, sealed_key, note_id, "closing note")
    return envelope.open_sealed(
        envelope.derive(note_key, salt=shred_key, info=bound), outer[256:], context=bound
    ).decode()


def seal_preferences(secret: bytes, member_id: int, preferences: dict[str, list[str]]) -> bytes:
    return envelope.seal(
        secret,
        json_bytes(preferences),
        size=PREFERENCES_SIZE,
        context=envelope.context("matching preferences", member_id),
    )


def open_preferences(secret: bytes, member_id: int, sealed: bytes) -> dict[str, list[str]]:
    opened: dict[str, list[str]] = json.loads(
        envelope.open_sealed(secret, sealed, context=envelope.context("matching preferences", member_id))
    )
    return opened


def submitted_form_mark(secret: bytes, nonce: bytes, typed: bytes) -> bytes:
    """A keyed hash that recognizes a form submitted with this content; it reveals neither the form nor the content."""
    return hmac.digest(secret, envelope.context("submitted form", nonce, hashlib.sha256(typed).digest()), "sha256")


def _context(of: UUID, part: str) -> bytes:
    return envelope.context(of.bytes, part)


def _message_context(request_id: UUID, author: Author, number: int) -> bytes:
    return envelope.context(request_id.bytes, "thread", author, number)


def _seal_part(
    part: str, size: int, content_key: bytes, shred_key: bytes, request_id: UUID, data: dict[str, Any]
) -> bytes:
    bound = _context(request_id, part)
    key = envelope.derive(content_key, salt=shred_key, info=bound)
    return envelope.seal(key, json_bytes(data), size=size, context=bound)


def _open_part(part: str, content_key: bytes, shred_key: bytes, request_id: UUID, sealed: bytes) -> dict[str, Any]:
    bound = _context(request_id, part)
    key = envelope.derive(content_key, salt=shred_key, info=bound)
    opened: dict[str, Any] = json.loads(envelope.open_sealed(key, sealed, context=bound))
    return opened
