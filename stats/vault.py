"""Seals counters into a row's blob and opens them again, under the row's key in the keyring."""

from django.utils.translation import gettext as _

from peersupport.core.errors import Refused
from peersupport.sealing import envelope, keyring

from .domain.ledger import SIZE, Ledger
from .models import SealedCounters


def seal(row: SealedCounters, ledger: Ledger) -> bytes:
    """The blob for a row: sealed under its key, bound to its table, year, and key id, always SIZE + 33 bytes."""
    return envelope.seal(keyring.get(row.key_id), ledger.encode(), size=SIZE, context=_context(row))


def unseal(row: SealedCounters) -> Ledger:
    """The counters of an open row. Raises Refused ("key_missing", "damaged", "other_lists")."""
    try:
        key = keyring.get(row.key_id)
    except (keyring.KeyMissing, OSError):
        raise Refused(_key_missing(row), code="key_missing") from None
    try:
        return Ledger.decode(envelope.open_sealed(key, bytes(row.blob), context=_context(row)))
    except envelope.CannotOpen:
        raise Refused(_damaged(row), code="damaged") from None


def problem_with(row: SealedCounters) -> Refused | None:
    """Why nothing can be counted in a row, if so: its key is missing, or its counters cannot be read."""
    try:
        unseal(row)
    except Refused as refusal:
        return refusal
    return None


def _context(row: SealedCounters) -> bytes:
    return envelope.context(row.sealed_as, row.year, row.key_id)


def _key_missing(row: SealedCounters) -> str:
    return _(
        "The key for %(what)s is missing from the keyring, so nothing can be counted and no report can be made. "
        "Ask the person who runs the server whether the keyring's disk is mounted."
    ) % {"what": row}


def _damaged(row: SealedCounters) -> str:
    return _(
        "The sealed counters for %(what)s are damaged, so nothing can be counted and no report can be made. "
        "Ask the person who runs the server to look at the database."
    ) % {"what": row}
