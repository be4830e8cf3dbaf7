"""How many requests have come lately, as one sealed row says, and whether that is far more than on any other day."""

from contextlib import suppress
from datetime import datetime

from django.conf import settings

from peersupport.sealing import envelope, keyring

from .. import vault
from ..domain import flood
from ..domain.flood import Arrivals, Load
from ..models import ArrivalCount, PlaneKey, Request
from .team_now import team_now


def key() -> vault.RowKey | None:
    """What the count is sealed under: it follows from the plane key. None before the first request ever."""
    plane = PlaneKey.objects.filter(pk=1).first()
    with suppress(keyring.KeyMissing, keyring.KeyringUnavailable):
        return vault.arrivals_key(plane.key_id) if plane else None
    return None


def opened(row: ArrivalCount | None, row_key: vault.RowKey) -> Arrivals:
    """A count that doesn't open, as after the week's plane key was renewed, begins anew."""
    if row is not None:
        with suppress(envelope.CannotOpen):
            return vault.open_arrivals(row_key, bytes(row.body))
    return Arrivals()


def load(now: datetime) -> Load:
    row_key = key()
    arrivals = opened(ArrivalCount.objects.filter(pk=1).first(), row_key) if row_key else Arrivals()
    return load_of(arrivals.at(flood.slot_of(now)).recent, now)


def load_of(recent: int, now: datetime) -> Load:
    is_running = team_now(now).is_activation_running
    return Load(recent, flood.limit(settings.BRAKE_AT, is_activation_running=is_running))


def stored() -> int:
    """How many requests are open, whatever their state."""
    return Request.objects.count()


def is_full() -> bool:
    """Whether no more are stored: far beyond any real day, where the disk would be next."""
    return stored() >= int(settings.MAX_OPEN_REQUESTS)
