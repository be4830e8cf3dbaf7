"""The audit chain's values: a mark that each entry bears from the start, and links that fix which entries there are.

Both are keyed with a lasting secret, so nobody makes one who has the database alone. All are hexadecimal.
"""

import hmac
import secrets
from datetime import UTC

from peersupport.sealing import envelope, keyring

from .models import Entry

RANDOM_DIGITS = 32
START = ""  # what the first link is linked to


def new_mark(entry: Entry) -> str:
    """What shows that the program wrote this entry; its number isn't known yet."""
    return _mark(keyring.lasting("audit-chain"), entry, secrets.token_hex(RANDOM_DIGITS // 2))


def is_marked(entry: Entry, keys: tuple[bytes, ...]) -> bool:
    """Whether the program wrote an entry with this content."""
    return any(is_same(_mark(key, entry, str(entry.mark)[:RANDOM_DIGITS]), entry.mark) for key in keys)


def is_linked(value: str, before: str, position: int, entry: Entry, keys: tuple[bytes, ...]) -> bool:
    """Whether this is the value of the link at this position, over the value before it."""
    return any(is_same(link_value(key, before, position, entry), value) for key in keys)


def link_value(key: bytes, before: str, position: int, entry: Entry) -> str:
    content = envelope.context("audit link", before, position, entry.pk, str(entry.mark), *_content(entry))
    return hmac.digest(key, content, "sha256").hex()


def is_same(one: str, other: object) -> bool:
    """other: from the database, where SQLite takes any kind of value."""
    return hmac.compare_digest(one.encode(), str(other).encode())


def _mark(key: bytes, entry: Entry, random: str) -> str:
    return random + hmac.digest(key, envelope.context("audit entry", random, *_content(entry)), "sha256").hex()


def _content(entry: Entry) -> tuple[str, ...]:
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds") if entry.at else ""
    return at, str(entry.by_id or ""), str(entry.action), str(entry.about)
