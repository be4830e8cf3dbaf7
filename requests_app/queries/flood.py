"""How many requests have come lately, as one sealed row says, and whether that is far more than on any other day."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Model

from peersupport.sealing import envelope, keyring

from .. import vault
from ..domain import flood
from ..domain.flood import Arrivals, Load
from ..models import ArrivalCount, PlaneKey, Request
from .team_now import team_now


def key() -> vault.RowKey | None:
    """What the count is sealed under: it follows from the plane key. None before the first request ever."""
    key_id = _value_of_the_one(PlaneKey, "key_id")
    with suppress(keyring.KeyMissing, keyring.KeyringUnavailable):
        return vault.arrivals_key(key_id) if key_id else None
    return None


def opened(body: bytes | None, row_key: vault.RowKey) -> Arrivals:
    """A count that doesn't open, as after the week's plane key was renewed, begins anew."""
    if body is not None:
        with suppress(envelope.CannotOpen):
            return vault.open_arrivals(row_key, body)
    return Arrivals()


def load(now: datetime) -> Load:
    row_key = key()
    arrivals = opened(_body(), row_key) if row_key else Arrivals()
    return load_of(arrivals.at(flood.slot_of(now)).recent, now)


def load_of(recent: int, now: datetime) -> Load:
    is_running = team_now(now).is_activation_running
    return Load(recent, flood.limit(settings.BRAKE_AT, is_activation_running=is_running))


def stored() -> int:
    """How many requests are open, whatever their state."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {Request._meta.db_table}")  # noqa: S608
        (number,) = cursor.fetchone()
    return int(number)


def is_full() -> bool:
    """Whether no more are stored: far beyond any real day, where the disk would be next."""
    return stored() >= int(settings.MAX_OPEN_REQUESTS)


def _body() -> bytes | None:
    body = _value_of_the_one(ArrivalCount, "body")
    return None if body is None else bytes(body)


def _value_of_the_one(model: type[Model], column: str) -> Any:
    """Of a table with one row. In words of SQL: each form and each sending asks, and Django takes longer to say it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table} WHERE id = 1")  # noqa: S608
        row = cursor.fetchone()
    return row[0] if row else None
