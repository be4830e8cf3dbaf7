"""Format 1: how requests were sealed before seals had versions. Read only, for requests that are still open.

The shred key was then AEAD key, HMAC key and HKDF salt in one, no host secret went into any key, and messages weren't
chained. The migration `0002_host_secret` has sealed again what the program can open by itself; what takes an officer's
or a member's key stays as it was. Once no request is open that was sent before that migration ran, nothing needs this
module but the migration, and both can go.
"""

from uuid import UUID

from peersupport.sealing import envelope


def open_outer(row_id: UUID, shred_key: bytes, part: str, sealed: bytes, suffix: bytes = b"") -> bytes:
    """A routing, pending tally or consultation, and the outer layer of messages and closing notes."""
    return envelope.open_sealed(shred_key, sealed, context=_context(row_id, part) + suffix)


def open_content(row_id: UUID, shred_key: bytes, key: bytes, part: str, sealed: bytes) -> bytes:
    """Card, words and the thread key for the next peer under the content key; a closing note under its own key."""
    derived = envelope.derive(key, salt=shred_key, info=_context(row_id, part))
    return envelope.open_sealed(derived, sealed, context=_context(row_id, part))


def open_text(row_id: UUID, shred_key: bytes, thread_key: bytes, author: str, number: int, sealed: bytes) -> bytes:
    """The text of a message."""
    derived = envelope.derive(thread_key, salt=shred_key, info=_context(row_id, "thread"))
    return envelope.open_sealed(derived, sealed, context=envelope.context(row_id.bytes, "thread", author, number))


def _context(row_id: UUID, part: str) -> bytes:
    return envelope.context(row_id.bytes, part)
