"""Moments as the support plane keeps them: half hours, and minutes where something can't wait half an hour. Pure."""

from datetime import datetime, timedelta

MINUTE, HALF_HOUR = timedelta(minutes=1), timedelta(minutes=30)


def half_hour_of(moment: datetime) -> int:
    """The half hour that a moment falls in, counted from 1970."""
    return int(moment.timestamp()) // int(HALF_HOUR.total_seconds())


def minute_of(moment: datetime) -> int:
    """Whole minutes since 1970."""
    return int(moment.timestamp()) // 60


def deadline(now: datetime, end: datetime) -> int:
    """`end` in minutes since 1970, rounded up to the half hour where it is half an hour or more away."""
    minutes = minute_of(end)
    return minutes if minutes - minute_of(now) < HALF_HOUR // MINUTE else next_half_hour(end)


def next_half_hour(moment: datetime) -> int:
    """This minute if it is a full or half hour, else the next one that is; minutes since 1970."""
    return -(-minute_of(moment) // 30) * 30
