"""The sealed bytes of the support plane's tables: the keys, requests, and what every kind is sealed with.

Messages are sealed and opened in `message_vault`, what outlives a request in `leftovers_vault`.

Each purpose has a key of its own, derived (HKDF) from

- the shred key and the host secret, for what the program opens by itself: routings, pending tallies, consultations, how
  many requests came lately (under the plane key), and the outer layer of closing notes (whom it is for, until when) and
  of messages (author, number, half hour);
- the content key and the shred key: a request's card, its words, the thread key for the next peer;
- a key of its own and the shred key: the text of a closing note.

The content key follows from the receipt's seed, so that the officer's copy of it can't be swapped for another; it is
sealed to the public keys of the members who may be offered the request. So are the thread key, to both who talk, and a
closing note's own key. The officer's public key stands inside the card. Members' matching preferences, which have no
shred key, lie under the lasting secret `matching`. Lookup tags (under the plane key) and marks of submitted forms
(under the lasting secret `spent`) are keyed hashes.

A function takes one key object: a RowKey where the program's own keys are enough, else a ContentKey or a ThreadKey.

Each kind is padded to one size and bound to its row and its part.

Every `open_*` raises `envelope.CannotOpen` for another key, another row or part, bytes that were altered, and content
that is not what it should be.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from peersupport.sealing import envelope, host_secret, keyring
from peersupport.sealing.envelope import CannotOpen

from . import format_1
from .domain.card import Card, Words
from .domain.flood import Arrivals
from .domain.preferences import MemberPreferences
from .domain.routing import Routing

STAMP_BYTES = 16
FORMAT = 2  # of what is derived here; for the one before see format_1
TEXT_LIMIT = 20_000  # characters
CARD_SIZE = 8 * 1024  # room for the ids of a few hundred excluded members
WORDS_SIZE = 84 * 1024  # 20,000 characters of four bytes, a contact line, and slack
CLOSING_NOTE_SIZE = 2304  # 500 characters of four bytes, and slack
PREFERENCES_SIZE = 2 * 1024
# What the program opens by itself, under the shred key and the host secret.
ROUTING, MESSAGE, PENDING_TALLY, CONSULTATION = "routing", "message", "pending tally", "consultation"
CLOSING_NOTE, ARRIVALS = "closing note", "arrivals"
OUTER_SIZES = {
    ROUTING: 6 * 1024,
    MESSAGE: WORDS_SIZE + 1024,
    PENDING_TALLY: 256,
    CONSULTATION: 256,
    CLOSING_NOTE: CLOSING_NOTE_SIZE + 512,
    ARRIVALS: 64,
}

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True)
class RowKey:
    """What the program itself has for one row: its id, its shred key, and the host secrets. Prints no key.

    host_secrets: the first one seals, all of them open (see peersupport.sealing.host_secret).
    """

    id: UUID
    shred_key: bytes = field(repr=False)
    host_secrets: tuple[bytes, ...] = field(repr=False)

    def outer_keys(self, part: str) -> Iterator[bytes]:
        """The keys of a part that the program opens by itself: the one that seals, then those that only open."""
        return (envelope.derive(self.shred_key, salt=secret, info=self._info(part)) for secret in self.host_secrets)

    def inner_key(self, part: str) -> bytes:
        """What the shred key alone gives for a part."""
        return envelope.derive(self.shred_key, salt=b"", info=self._info(part))

    def derive(self, key: bytes, part: str, *bound: int) -> bytes:
        """The key of a part that takes somebody else's key too, bound to the row and to what is given."""
        return envelope.derive(key, salt=self.inner_key(part), info=self._info(part, *bound))

    def _info(self, part: str, *bound: int) -> bytes:
        return envelope.context("row", FORMAT, part, self.id.bytes, *bound)


@dataclass(frozen=True)
class ContentKey:
    """What opens the card and the words of a request, together with its shred key. Prints no key."""

    row: RowKey
    key: bytes = field(repr=False)


@dataclass(frozen=True)
class ThreadKey:
    """What opens the messages between an officer and one peer, together with the content key. Prints no key."""

    row: RowKey
    key: bytes = field(repr=False)


def row_key(row_id: UUID, key_id: str) -> RowKey:
    """What the program has for this row. Raises keyring.KeyMissing and keyring.KeyringUnavailable."""
    return RowKey(row_id, keyring.get(key_id), host_secret.known())


def lookup_tag(plane_key: bytes, locator: bytes) -> bytes:
    """What a request is looked up by: a keyed hash of the receipt's locator, worthless without the week's plane key."""
    return hmac.digest(plane_key, envelope.context("locator", locator), "sha256")


def seal_outer(row: RowKey, part: str, data: bytes, *bound: bytes) -> bytes:
    """Seal one of the parts of OUTER_SIZES, also bound to what is given."""
    key = next(row.outer_keys(part))
    return envelope.seal(key, data, size=OUTER_SIZES[part], context=_context(row.id, part, *bound))


def open_outer(row: RowKey, part: str, sealed: bytes, *bound: bytes) -> bytes:
    for key in row.outer_keys(part):
        with suppress(CannotOpen):
            return envelope.open_sealed(key, sealed, context=_context(row.id, part, *bound))
    raise CannotOpen


def new_stamp() -> bytes:
    """What tells one state of a request's routing from every other: random, and new at each write."""
    return secrets.token_bytes(STAMP_BYTES)


def seal_routing(row: RowKey, routing: Routing, stamp: bytes) -> bytes:
    """stamp: the row's, so that neither can be put back without the other."""
    return seal_outer(row, ROUTING, routing.to_bytes(), *bound_by(stamp))


def open_routing(row: RowKey, sealed: bytes, stamp: bytes) -> Routing:
    return parse(Routing.from_bytes, open_outer(row, ROUTING, sealed, *bound_by(stamp)))


def bound_by(stamp: bytes) -> tuple[bytes, ...]:
    """What a routing is bound to by its stamp: to nothing, in a row that was last written before there were stamps."""
    return (stamp,) if stamp else ()


def arrivals_key(plane_key: bytes) -> RowKey:
    """What the one count of arrivals is sealed under. It ends with the week's plane key, and so does what it says."""
    return RowKey(UUID(int=1), plane_key, host_secret.known())


def seal_arrivals(row: RowKey, arrivals: Arrivals) -> bytes:
    return seal_outer(row, ARRIVALS, arrivals.to_bytes())


def open_arrivals(row: RowKey, sealed: bytes) -> Arrivals:
    return parse(Arrivals.from_bytes, open_outer(row, ARRIVALS, sealed))


def content_key_from_seed(row: RowKey, seed: bytes) -> ContentKey:
    """The content key of the officer whose receipt gives this seed (32 bytes)."""
    return ContentKey(row, envelope.derive(seed, salt=row.id.bytes, info=b"content"))


def seal_card(key: ContentKey, card: Card, officer_key: bytes) -> bytes:
    """officer_key: the officer's public key, 32 bytes, in front of the card."""
    return seal_content(key, "card", officer_key + card.to_bytes(), CARD_SIZE)


def open_card(key: ContentKey, sealed: bytes) -> Card:
    __, card = _open_card(key, sealed)
    return parse(Card.from_bytes, card)


def officer_key_in_card(key: ContentKey, sealed: bytes) -> bytes | None:
    """The officer's public key as the officer sealed it; None in format 1, which had none."""
    officer_key, __ = _open_card(key, sealed)
    return officer_key


def _open_card(key: ContentKey, sealed: bytes) -> tuple[bytes | None, bytes]:
    with suppress(CannotOpen):
        data = open_content(key, "card", sealed)
        return data[: envelope.KEY_BYTES], data[envelope.KEY_BYTES :]
    return None, format_1.open_content(key.row.id, key.row.shred_key, key.key, "card", sealed)


def seal_words(key: ContentKey, words: Words) -> bytes:
    return seal_content(key, "words", words.to_bytes(), WORDS_SIZE)


def open_words(key: ContentKey, sealed: bytes) -> Words:
    return parse(Words.from_bytes, _open_content_of_any_format(key, "words", sealed))


def is_format_1(key: ContentKey, sealed_words: bytes) -> bool:
    """Whether the request was sent in format 1: its words are sealed once, and never again."""
    with suppress(CannotOpen):
        format_1.open_content(key.row.id, key.row.shred_key, key.key, "words", sealed_words)
        return True
    return False


def seal_content_key_to(public_key: bytes, key: ContentKey) -> str:
    """Seal the content key to one reader's public key; hexadecimal. Raises ValueError if the public key is damaged."""
    return seal_key_to(public_key, key.key, key.row.id, "content")


def open_content_key(row: RowKey, private_key: bytes, sealed: str) -> ContentKey:
    return ContentKey(row, open_key(private_key, sealed, row.id, "content"))


def seal_thread_key_to(public_key: bytes, key: ThreadKey) -> str:
    """Seal the thread key to one reader's public key; hexadecimal. Raises ValueError if the public key is damaged."""
    return seal_key_to(public_key, key.key, key.row.id, "thread")


def open_thread_key(row: RowKey, private_key: bytes, sealed: str) -> ThreadKey:
    return ThreadKey(row, open_key(private_key, sealed, row.id, "thread"))


def seal_thread_key_for_next(key: ContentKey, thread_key: ThreadKey) -> str:
    """Seal the thread key under the content key: the officer lets the next peer read what was written before."""
    return seal_content(key, "thread_key_for_next", thread_key.key, envelope.KEY_BYTES).hex()


def open_thread_key_for_next(key: ContentKey, sealed: str) -> ThreadKey:
    blob = parse(bytes.fromhex, sealed)
    return ThreadKey(key.row, _open_content_of_any_format(key, "thread_key_for_next", blob))


def seal_preferences(secret: bytes, member_id: int, preferences: MemberPreferences) -> bytes:
    context = envelope.context("matching preferences", member_id)
    return envelope.seal(secret, preferences.to_bytes(), size=PREFERENCES_SIZE, context=context)


def open_preferences(secrets: Iterable[bytes], member_id: int, sealed: bytes) -> MemberPreferences:
    context = envelope.context("matching preferences", member_id)
    return parse(MemberPreferences.from_bytes, envelope.open_under_any(secrets, sealed, context=context))


def submitted_form_mark(secret: bytes, nonce: bytes, typed: bytes) -> bytes:
    """A keyed hash that recognizes a form submitted with this content; it reveals neither the form nor the content."""
    return hmac.digest(secret, envelope.context("submitted form", nonce, hashlib.sha256(typed).digest()), "sha256")


def sending_mark(secret: bytes, nonce: bytes, typed: bytes, moment: int) -> bytes:
    """A keyed hash that recognizes a form sent with this content at this moment; it reveals none of the three."""
    parts = (nonce, hashlib.sha256(typed).digest(), moment)
    return hmac.digest(secret, envelope.context("sent at", *parts), "sha256")


def ended_visit_mark(number: str) -> bytes:
    """A hash that recognizes the random number of an ended visit, and doesn't reveal it."""
    return hashlib.sha256(envelope.context("ended visit", number)).digest()


def spent_proof_mark(secret: bytes, nonce: bytes) -> bytes:
    """A keyed hash of a form's nonce, whose proof of work counts once."""
    return hmac.digest(secret, envelope.context("spent proof", nonce), "sha256")


def hash_of(sealed: bytes) -> str:
    """SHA-256 of sealed bytes, in hexadecimal."""
    return hashlib.sha256(sealed).hexdigest()


def parse(read: Callable[[S], T], data: S) -> T:
    """What was sealed, as what it should be. Whatever else it is counts as damaged, and no trace quotes it."""
    try:
        return read(data)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise CannotOpen from None


def _context(of: UUID, part: str, *bound: bytes) -> bytes:
    return envelope.context(of.bytes, part, *bound)


def seal_content(key: ContentKey, part: str, data: bytes, size: int) -> bytes:
    return envelope.seal(key.row.derive(key.key, part), data, size=size, context=_context(key.row.id, part))


def open_content(key: ContentKey, part: str, sealed: bytes) -> bytes:
    return envelope.open_sealed(key.row.derive(key.key, part), sealed, context=_context(key.row.id, part))


def _open_content_of_any_format(key: ContentKey, part: str, sealed: bytes) -> bytes:
    with suppress(CannotOpen):
        return open_content(key, part, sealed)
    return format_1.open_content(key.row.id, key.row.shred_key, key.key, part, sealed)


def seal_key_to(public_key: bytes, key: bytes, row_id: UUID, part: str) -> str:
    return envelope.seal_to(public_key, key, info=_context(row_id, part)).hex()


def open_key(private_key: bytes, sealed: str, row_id: UUID, part: str) -> bytes:
    return envelope.open_with(private_key, parse(bytes.fromhex, sealed), info=_context(row_id, part))
