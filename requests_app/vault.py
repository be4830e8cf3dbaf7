"""What is sealed how: the bytes that stand in the support plane's tables, made and opened.

A request's card and words lie under a key derived from its content key and its shred key; a thread's messages under
one derived from the thread key and the shred key. Everything else lies under the shred key. Each is padded to one
size and bound to its request and its part; a message also to its author and its place in the order.
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
CARD_SIZE = 8 * 1024  # room for a few hundred members whom it should not go to
WORDS_SIZE = 84 * 1024  # 20,000 characters of four bytes, a contact line, and room
OWED_SIZE = 256
LAST_WORD_SIZE = 2304  # 500 characters of four bytes, and room
SHARING_SIZE = 2 * 1024


@dataclass(frozen=True)
class Written:
    """One message as its readers see it. slot: the half hour it was sent in. is_earlier: an earlier peer wrote it."""

    author: Author
    number: int
    slot: int
    text: str
    is_earlier: bool = False


@dataclass(frozen=True)
class Left:
    """For whom a last word waits, to which of their keys it is sealed, and until which day."""

    member_id: int
    key_id: int
    drop_on: date


def as_bytes(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def tag(plane_key: bytes, locator: bytes) -> bytes:
    """What finds a request: a keyed hash, worthless without the week's key."""
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


def hand_key(public_key: bytes, key: bytes, request_id: UUID, part: str) -> str:
    """The content key ("content") or the thread key ("thread"), sealed to one reader."""
    return envelope.seal_to(public_key, key, info=_context(request_id, part)).hex()


def take_key(private_key: bytes, handed: str, request_id: UUID, part: str) -> bytes:
    return envelope.open_with(private_key, bytes.fromhex(handed), info=_context(request_id, part))


def hand_over(content_key: bytes, shred_key: bytes, request_id: UUID, thread_key: bytes) -> str:
    """The thread key for whoever accepts next: the officer lets them read what was written before."""
    bound = _context(request_id, "handover")
    key = envelope.derive(content_key, salt=shred_key, info=bound)
    return envelope.seal(key, thread_key, size=envelope.KEY_BYTES, context=bound).hex()


def take_over(content_key: bytes, shred_key: bytes, request_id: UUID, handed: str) -> bytes:
    bound = _context(request_id, "handover")
    key = envelope.derive(content_key, salt=shred_key, info=bound)
    return envelope.open_sealed(key, bytes.fromhex(handed), context=bound)


def message_id(shred_key: bytes, nonce: bytes, author: Author, text: str) -> UUID:
    """The same press of Send gives the same id, so that it is written once; another text is another message."""
    digest = hmac.digest(shred_key, envelope.context("message", author, nonce, text), "sha256")
    return UUID(bytes=digest[:16])


def seal_message(thread_key: bytes, shred_key: bytes, request_id: UUID, message_id: UUID, written: Written) -> bytes:
    inner = envelope.seal(
        envelope.derive(thread_key, salt=shred_key, info=_context(request_id, "thread")),
        written.text.encode(),
        size=WORDS_SIZE,
        context=_place_in_thread(request_id, written.author, written.number),
    )
    header = as_bytes([written.author, written.number, written.slot]).ljust(64)
    return envelope.seal(
        shred_key,
        header + inner,
        size=WORDS_SIZE + 1024,
        context=_context(request_id, "message") + message_id.bytes,
    )


def open_message(thread_key: bytes, shred_key: bytes, request_id: UUID, message_id: UUID, sealed: bytes) -> Written:
    outer = envelope.open_sealed(shred_key, sealed, context=_context(request_id, "message") + message_id.bytes)
    author, number, slot = json.loads(outer[:64])
    text = envelope.open_sealed(
        envelope.derive(thread_key, salt=shred_key, info=_context(request_id, "thread")),
        outer[64:],
        context=_place_in_thread(request_id, Author(author), number),
    )
    return Written(author=Author(author), number=number, slot=slot, text=text.decode())


def seal_owed(shred_key: bytes, owed_id: UUID, owed: dict[str, Any]) -> bytes:
    return envelope.seal(shred_key, as_bytes(owed), size=OWED_SIZE, context=_context(owed_id, "owed"))


def open_owed(shred_key: bytes, owed_id: UUID, sealed: bytes) -> dict[str, Any]:
    opened: dict[str, Any] = json.loads(envelope.open_sealed(shred_key, sealed, context=_context(owed_id, "owed")))
    return opened


def seal_consultation(shred_key: bytes, consultation_id: UUID, asked: dict[str, Any]) -> bytes:
    context = _context(consultation_id, "consultation")
    return envelope.seal(shred_key, as_bytes(asked), size=OWED_SIZE, context=context)


def open_consultation(shred_key: bytes, consultation_id: UUID, sealed: bytes) -> dict[str, Any]:
    context = _context(consultation_id, "consultation")
    opened: dict[str, Any] = json.loads(envelope.open_sealed(shred_key, sealed, context=context))
    return opened


def seal_last_word(public_key: bytes, shred_key: bytes, word_id: UUID, left: Left, text: str) -> bytes:
    """The word for this member's key alone; for whom and until when it is lies around it, under the shred key."""
    word_key, bound = envelope.new_key(), _context(word_id, "last word")
    inner = envelope.seal(
        envelope.derive(word_key, salt=shred_key, info=bound), text.encode(), size=LAST_WORD_SIZE, context=bound
    )
    handed = hand_key(public_key, word_key, word_id, "last word")
    header = as_bytes([left.member_id, left.key_id, left.drop_on.isoformat(), handed]).ljust(256)
    return envelope.seal(shred_key, header + inner, size=LAST_WORD_SIZE + 512, context=bound)


def open_last_word_header(shred_key: bytes, word_id: UUID, sealed: bytes) -> Left:
    outer = envelope.open_sealed(shred_key, sealed, context=_context(word_id, "last word"))
    member_id, key_id, drop_on, _ = json.loads(outer[:256])
    return Left(member_id, key_id, date.fromisoformat(drop_on))


def open_last_word(private_key: bytes, shred_key: bytes, word_id: UUID, sealed: bytes) -> str:
    bound = _context(word_id, "last word")
    outer = envelope.open_sealed(shred_key, sealed, context=bound)
    *_, handed = json.loads(outer[:256])
    word_key = take_key(private_key, handed, word_id, "last word")
    return envelope.open_sealed(
        envelope.derive(word_key, salt=shred_key, info=bound), outer[256:], context=bound
    ).decode()


def seal_sharing(secret: bytes, member_id: int, sharing: dict[str, list[str]]) -> bytes:
    return envelope.seal(secret, as_bytes(sharing), size=SHARING_SIZE, context=envelope.context("sharing", member_id))


def open_sharing(secret: bytes, member_id: int, sealed: bytes) -> dict[str, list[str]]:
    opened: dict[str, list[str]] = json.loads(
        envelope.open_sealed(secret, sealed, context=envelope.context("sharing", member_id))
    )
    return opened


def spent_mark(secret: bytes, nonce: bytes, typed: bytes) -> bytes:
    """Recognizes a form that was sent with these words; tells neither the form nor the words."""
    return hmac.digest(secret, envelope.context("spent", nonce, hashlib.sha256(typed).digest()), "sha256")


def _context(of: UUID, part: str) -> bytes:
    return envelope.context(of.bytes, part)


def _place_in_thread(request_id: UUID, author: Author, number: int) -> bytes:
    return envelope.context(request_id.bytes, "thread", author, number)


def _seal_part(
    part: str, size: int, content_key: bytes, shred_key: bytes, request_id: UUID, data: dict[str, Any]
) -> bytes:
    bound = _context(request_id, part)
    key = envelope.derive(content_key, salt=shred_key, info=bound)
    return envelope.seal(key, as_bytes(data), size=size, context=bound)


def _open_part(part: str, content_key: bytes, shred_key: bytes, request_id: UUID, sealed: bytes) -> dict[str, Any]:
    bound = _context(request_id, part)
    key = envelope.derive(content_key, salt=shred_key, info=bound)
    opened: dict[str, Any] = json.loads(envelope.open_sealed(key, sealed, context=bound))
    return opened
