"""The days ahead as people read them: who is on call from when to when, and where nobody is. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby

from .on_call import DAY, Stretch, joined, midnight

DAYS_AHEAD = 14


@dataclass(frozen=True)
class Line:
    """A part of one day, and who is on call in it; empty where nobody is."""

    hours: str
    who: str


@dataclass(frozen=True)
class Day:
    """bands: where somebody is on call, as starts and widths in percent of the day."""

    day: date
    lines: tuple[Line, ...]
    bands: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Days:
    """One day, or several in a row that are alike."""

    first: date
    last: date
    lines: tuple[Line, ...]
    bands: tuple[tuple[float, float], ...]

    @property
    def in_words(self) -> str:
        """ "Saturday 28 November to Thursday 10 December" """
        return " to ".join(f"{day:%A} {day.day} {day:%B}" for day in sorted({self.first, self.last}))


def alike(days: Iterable[Day]) -> list[Days]:
    """Days in a row with the same people at the same hours, told as one."""
    runs = (list(run) for _, run in groupby(days, key=lambda each: (each.lines, each.bands)))
    return [Days(run[0].day, run[-1].day, run[0].lines, run[0].bands) for run in runs]


def days(
    now: datetime,
    *,
    taken: Iterable[tuple[str, Stretch]],
    gaps: Iterable[Stretch],
    zone: tzinfo,
    count: int = DAYS_AHEAD,
) -> list[Day]:
    """Today and the days after it, each with its lines in the order of the clock. taken: who is on call when."""
    today = now.astimezone(zone).date()
    of_each = defaultdict(list)
    for name, stretch in taken:
        of_each[name].append(stretch)
    named = [(name, one) for name, stretches in of_each.items() for one in joined(stretches)]
    named += [("", gap) for gap in gaps]
    return [_day(today + number * DAY, now, named, zone) for number in range(count)]


def hours_in(stretches: Iterable[Stretch]) -> int:
    """How many hours they are together; what was begun counts as a whole one."""
    return -(-sum((ends - starts for starts, ends in stretches), timedelta()) // timedelta(hours=1))


def in_words(stretch: Stretch, zone: tzinfo) -> str:
    """ "Friday, 5 June, 18:00 to Saturday 06:00"; a day further than the next is told with its date."""
    starts, ends = (moment.astimezone(zone) for moment in stretch)
    days_on = (ends.date() - starts.date()).days
    first = _day_in_words(starts)
    if days_on == 1 and f"{starts:%H:%M}" == f"{ends:%H:%M}" == "00:00":
        return f"{first}, all day"
    last = {0: "", 1: f"{ends:%A} "}.get(days_on, f"{_day_in_words(ends)}, ")
    return f"{first}, {starts:%H:%M} to {last}{ends:%H:%M}"


def _day_in_words(moment: datetime) -> str:
    return f"{moment:%A}, {moment.day} {moment:%B}"


def in_a_row(names: Iterable[str]) -> str:
    """ "Ana, Ben and Dee" """
    *others, last = sorted(names) or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _day(day: date, now: datetime, named: Iterable[tuple[str, Stretch]], zone: tzinfo) -> Day:
    whole = (midnight(day, zone), midnight(day + DAY, zone))
    parts = sorted((part, name) for name, stretch in named if (part := _within(stretch, whole)))
    lines = [
        Line(_hours(part, whole, now, zone), in_a_row({name for _, name in group if name}))
        for part, group in groupby(parts, key=lambda each: each[0])
    ]
    length = whole[1] - whole[0]
    bands = {
        (round(100 * ((starts - whole[0]) / length), 2), round(100 * ((ends - starts) / length), 2))
        for (starts, ends), name in parts
        if name
    }
    return Day(day, tuple(lines), tuple(sorted(bands)))


def _hours(part: Stretch, whole: Stretch, now: datetime, zone: tzinfo) -> str:
    if part == whole:
        return "all day"
    starts, ends = (f"{moment.astimezone(zone):%H:%M}" for moment in part)
    return f"{'now' if part[0] == now else starts} to {'24:00' if part[1] == whole[1] else ends}"


def _within(stretch: Stretch, whole: Stretch) -> Stretch | None:
    starts, ends = max(stretch[0], whole[0]), min(stretch[1], whole[1])
    return (starts, ends) if starts < ends else None
