"""How many requests have come lately, as one sealed row says, and whether that is far more than on any other day."""

from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.db import connection

from peersupport.core import single_row
from peersupport.sealing import envelope, keyring

from .. import vault
from ..domain import flood
from ..domain.flood import Arrivals, Load
from ..models import ArrivalCount, PlaneKey, Request
from .team_now import team_now


def key() -> vault.RowKey | None:
    """What the count is sealed under: it follows from the plane key. None before the first request ever."""
    plane = single_row.read(PlaneKey, "key_id")
    with suppress(keyring.KeyMissing, keyring.KeyringUnavailable):
        return vault.arrivals_key(keyring.get(plane[0])) if plane else None
    return None


def arrivals(row_key: vault.RowKey, *, for_update: bool = False) -> Arrivals | None:
    """What is counted; None where nothing was ever stored. What doesn't open begins anew.

    It doesn't after the week's plane key was renewed.
    """
    row = single_row.read(ArrivalCount, "body", for_update=for_update)
    if row is None:
        return None
    with suppress(envelope.CannotOpen):
        return vault.open_arrivals(row_key, bytes(row[0]))
    return Arrivals()


def load(now: datetime, *, and_one_more: bool = False) -> Load:
    """How many have come lately. and_one_more: with the one that is about to be stored.

    Of several that come at the same moment none sees the others: the brake may be on a few requests later.
    """
    row_key = key()
    counted = arrivals(row_key) if row_key else None
    recent = (counted or Arrivals()).at(flood.slot_of(now)).recent + and_one_more
    return Load(recent, flood.limit(settings.BRAKE_AT, is_activation_running=team_now(now).is_activation_running))


def stored() -> int:
    """How many requests are open, whatever their state."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {Request._meta.db_table}")  # noqa: S608  # nosec B608
        (number,) = cursor.fetchone()
    return int(number)


def is_full() -> bool:
    """Whether no more are stored: far beyond any real day, where the disk would be next."""
    return stored() >= int(settings.MAX_OPEN_REQUESTS)
