"""Whether what runs now was set off by an anonymous page: the log must not tell when that was."""

from contextvars import ContextVar
from datetime import datetime

_is_anonymous: ContextVar[bool] = ContextVar("plane", default=False)
HALF_HOUR = 30


def enter(*, anonymous: bool) -> None:
    """Until the next request or task of this thread: what runs after an answer belongs to it too."""
    _is_anonymous.set(anonymous)


def is_anonymous() -> bool:
    return _is_anonymous.get()


def half_hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // HALF_HOUR * HALF_HOUR, second=0, microsecond=0)
