"""A year's counters in and out of their sealed blob. The one place of this room that touches keys."""

from peersupport.sealing import envelope, keyring

from .ledger import SIZE, Ledger
from .models import StatsYear
from .refusals import Refused


def seal(year: int, key_id: str, ledger: Ledger) -> bytes:
    """The blob under this key, bound to the year and the key; always the same length."""
    return envelope.seal(keyring.get(key_id), ledger.encode(), size=SIZE, context=_context(year, key_id))


def unseal(row: StatsYear) -> Ledger:
    """The counters of an open year. Raises Refused ("key_missing", "damaged") with a sentence for people."""
    try:
        key = keyring.get(row.key_id)
    except (keyring.KeyMissing, OSError):
        raise Refused("key_missing", KEY_MISSING.format(year=row.year)) from None
    try:
        return Ledger.decode(envelope.open_sealed(key, bytes(row.blob), context=_context(row.year, row.key_id)))
    except envelope.CannotOpen:
        raise Refused("damaged", DAMAGED.format(year=row.year)) from None


def _context(year: int, key_id: str) -> bytes:
    return envelope.context("stats year", year, key_id)


KEY_MISSING = (
    "The key of {year} is missing from the keyring, so nothing can be counted to that year and it cannot be "
    "closed. Ask the person who runs the server whether the keyring's disk is there."
)
DAMAGED = (
    "The sealed counters of {year} are damaged, so nothing can be counted to that year and it cannot be "
    "closed. Ask the person who runs the server to look at the database."
)
