"""How long a sender may take, and how long to wait after a try that failed. Plain arithmetic."""

from datetime import UTC, datetime, timedelta

STEP = timedelta(minutes=5)
LONGEST = timedelta(hours=1)
_START = datetime(2000, 1, 1, tzinfo=UTC)


def next_try(now: datetime, tries: int) -> datetime:
    """The moment another may try, if this try (the first is number 1) has not ended well by then.

    Five minutes, then ten, twenty, forty, and never more than an hour. It is rounded up to whole steps: the table
    is not to tell when somebody asked for help.
    """
    pause = min(STEP * 2 ** min(tries - 1, 10), LONGEST)
    return _START + -(-(now + pause - _START) // STEP) * STEP
