"""When a sender may try again after a failed attempt. Pure: the clock is an argument."""

from datetime import UTC, datetime, timedelta

STEP = timedelta(minutes=5)
MAX_PAUSE = timedelta(hours=1)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def next_try(now: datetime, tries: int) -> datetime:
    """When another sender may take over, if attempt number `tries` (counted from 1) hasn't succeeded by then.

    Five minutes, then ten, twenty, forty, and never more than an hour; rounded up to whole steps of five minutes,
    because the table must not show when somebody asked for help.
    """
    pause = min(STEP * (1 << min(tries - 1, 10)), MAX_PAUSE)
    return _EPOCH + -(-(now + pause - _EPOCH) // STEP) * STEP
