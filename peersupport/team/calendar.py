"""The days ahead as people read them: who is on call from when to when, and where nobody is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from .on_call import DAY, Stretch, midnight

NOBODY = ""
DAYS_AHEAD = 14


@dataclass(frozen=True)
class Line:
    """A part of one day. name: who is on call; empty where nobody is."""

    hours: str
    name: str


@dataclass(frozen=True)
class Day:
    day: date
    lines: tuple[Line, ...]


def days(now: datetime, count: int, *, named: Iterable[tuple[str, Stretch]], zone: tzinfo) -> list[Day]:
    """Today and the days after it, each with its lines in the order of the clock. named: who is on call when."""
    today, stretches, found = now.astimezone(zone).date(), list(named), []
    for day in (today + number * DAY for number in range(count)):
        whole = (midnight(day, zone), midnight(day + DAY, zone))
        parts = sorted((part, name) for name, stretch in stretches if (part := _within(stretch, whole)))
        found.append(Day(day, tuple(Line(_hours(part, whole, now, zone), name) for part, name in parts)))
    return found


def hours_in(stretches: Iterable[Stretch]) -> int:
    """How many hours they are together; what was begun counts as a whole one."""
    return -(-sum((ends - starts for starts, ends in stretches), timedelta()) // timedelta(hours=1))


def _hours(part: Stretch, whole: Stretch, now: datetime, zone: tzinfo) -> str:
    if part == whole:
        return "all day"
    starts, ends = (f"{moment.astimezone(zone):%H:%M}" for moment in part)
    return f"{'now' if part[0] == now else starts} to {'24:00' if part[1] == whole[1] else ends}"


def _within(stretch: Stretch, whole: Stretch) -> Stretch | None:
    starts, ends = max(stretch[0], whole[0]), min(stretch[1], whole[1])
    return (starts, ends) if starts < ends else None
