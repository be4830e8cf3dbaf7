"""The days ahead as people read them: who is on call from when to when, and where nobody is. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import groupby

from .on_call import DAY, Interval, merge_intervals, midnight

DAYS_AHEAD = 14


@dataclass(frozen=True)
class TimeSlot:
    """A part of one day, and the names of those on call in it; none where nobody is.

    starts, ends: by the clock on the wall; the end of the day is midnight again. is_now: it has begun already.
    """

    starts: time
    ends: time
    names: tuple[str, ...] = ()
    is_now: bool = False


@dataclass(frozen=True)
class DaySchedule:
    """bands: when somebody is on call, as starts and widths in percent of the day."""

    day: date
    slots: tuple[TimeSlot, ...]
    bands: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class DayRange:
    """One day, or several consecutive days with the same schedule."""

    first: date
    last: date
    slots: tuple[TimeSlot, ...]
    bands: tuple[tuple[float, float], ...]


def group_equal_days(days: Iterable[DaySchedule]) -> list[DayRange]:
    """Consecutive days with the same people at the same hours become one range."""
    runs = (list(run) for _, run in groupby(days, key=lambda day: (day.slots, day.bands)))
    return [DayRange(run[0].day, run[-1].day, run[0].slots, run[0].bands) for run in runs]


def day_schedules(
    now: datetime,
    *,
    on_call: Iterable[tuple[str, Interval]],
    gaps: Iterable[Interval],
    zone: tzinfo,
    count: int = DAYS_AHEAD,
) -> list[DaySchedule]:
    """Today and the days after it, `count` in all, each with its slots in the order of the clock.

    on_call: names and when they are on call. gaps: when nobody is.
    """
    today = now.astimezone(zone).date()
    intervals_by_name = defaultdict(list)
    for name, interval in on_call:
        intervals_by_name[name].append(interval)
    named = [(name, merged) for name, intervals in intervals_by_name.items() for merged in merge_intervals(intervals)]
    named += [("", gap) for gap in gaps]
    by_day: dict[date, list[tuple[str, Interval]]] = defaultdict(list)
    for name, interval in named:
        day, last = (moment.astimezone(zone).date() for moment in interval)
        while day <= last:
            by_day[day].append((name, interval))
            day += DAY
    days = [today + number * DAY for number in range(count)]
    return [_day_schedule(day, now, by_day[day], zone) for day in days]


def whole_hours(intervals: Iterable[Interval]) -> int:
    """How many hours they are together, rounded up."""
    return -(-sum((ends - starts for starts, ends in intervals), timedelta()) // timedelta(hours=1))


def _day_schedule(day: date, now: datetime, named: Iterable[tuple[str, Interval]], zone: tzinfo) -> DaySchedule:
    whole_day = (midnight(day, zone), midnight(day + DAY, zone))
    parts = sorted((part, name) for name, interval in named if (part := _overlap(interval, whole_day)))
    slots = [
        _time_slot(part, {name for _, name in group if name}, is_now=part[0] == now and part != whole_day, zone=zone)
        for part, group in groupby(parts, key=lambda part_and_name: part_and_name[0])
    ]
    length = whole_day[1] - whole_day[0]
    bands = {
        (round(100 * ((starts - whole_day[0]) / length), 2), round(100 * ((ends - starts) / length), 2))
        for (starts, ends), name in parts
        if name
    }
    return DaySchedule(day, tuple(slots), tuple(sorted(bands)))


def _time_slot(part: Interval, names: Iterable[str], *, is_now: bool, zone: tzinfo) -> TimeSlot:
    starts, ends = (moment.astimezone(zone).time() for moment in part)
    return TimeSlot(starts, ends, tuple(sorted(names)), is_now)


def _overlap(interval: Interval, whole_day: Interval) -> Interval | None:
    starts, ends = max(interval[0], whole_day[0]), min(interval[1], whole_day[1])
    return (starts, ends) if starts < ends else None
