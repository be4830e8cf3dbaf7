"""Counters in and out of their sealed blob. The one place of this room that touches keys."""

from peersupport.core.errors import Refused
from peersupport.sealing import envelope, keyring

from .domain.ledger import SIZE, Ledger
from .models import Sealed


def seal(row: Sealed, ledger: Ledger) -> bytes:
    """The blob under the row's key, bound to the row and the key; always the same length."""
    return envelope.seal(keyring.get(row.key_id), ledger.encode(), size=SIZE, context=_context(row))


def unseal(row: Sealed) -> Ledger:
    """The counters of an open row. Raises Refused ("key_missing", "damaged") with a sentence for people."""
    try:
        key = keyring.get(row.key_id)
    except (keyring.KeyMissing, OSError):
        raise Refused(KEY_MISSING.format(row), code="key_missing") from None
    try:
        return Ledger.decode(envelope.open_sealed(key, bytes(row.blob), context=_context(row)))
    except envelope.CannotOpen:
        raise Refused(DAMAGED.format(row), code="damaged") from None


def trouble_with(row: Sealed) -> Refused | None:
    """Why nothing can be counted here: the key is missing, or the counters are damaged."""
    try:
        unseal(row)
    except Refused as refusal:
        return refusal
    return None


def _context(row: Sealed) -> bytes:
    return envelope.context(row.sealed_as, row.year, row.key_id)


KEY_MISSING = (
    "The key of {} is missing from the keyring, so nothing can be counted there and no report made of it. "
    "Ask the person who runs the server whether the keyring's disk is there."
)
DAMAGED = (
    "The sealed counters of {} are damaged, so nothing can be counted there and no report made of it. "
    "Ask the person who runs the server to look at the database."
)
