"""Seals counters into a row's blob and opens them again, under the row's key in the keyring."""

from peersupport.core.errors import Refused
from peersupport.sealing import envelope, keyring

from .domain.ledger import SIZE, Ledger
from .models import SealedCounters


def seal(row: SealedCounters, ledger: Ledger) -> bytes:
    """The blob for a row: sealed under its key, bound to its table, year, and key id, always SIZE + 32 bytes."""
    return envelope.seal(keyring.get(row.key_id), ledger.encode(), size=SIZE, context=_context(row))


def unseal(row: SealedCounters) -> Ledger:
    """The counters of an open row. Raises Refused ("key_missing", "damaged", "other_lists")."""
    try:
        key = keyring.get(row.key_id)
    except (keyring.KeyMissing, OSError):
        raise Refused(KEY_MISSING.format(row), code="key_missing") from None
    try:
        return Ledger.decode(envelope.open_sealed(key, bytes(row.blob), context=_context(row)))
    except envelope.CannotOpen:
        raise Refused(DAMAGED.format(row), code="damaged") from None


def problem_with(row: SealedCounters) -> Refused | None:
    """Why nothing can be counted in a row, if so: its key is missing, or its counters cannot be read."""
    try:
        unseal(row)
    except Refused as refusal:
        return refusal
    return None


def _context(row: SealedCounters) -> bytes:
    return envelope.context(row.sealed_as, row.year, row.key_id)


KEY_MISSING = (
    "The key of {} is missing from the keyring, so nothing can be counted there and no report made of it. "
    "Ask the person who runs the server whether the keyring's disk is there."
)
DAMAGED = (
    "The sealed counters of {} are damaged, so nothing can be counted there and no report made of it. "
    "Ask the person who runs the server to look at the database."
)
