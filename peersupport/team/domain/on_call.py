"""Who can be reached when: weekly hours, shifts handed over, absences. Pure: moments and time zone are arguments.

Days and hours are those of the clock on the wall. A shift lasts from one reading of that clock to another, so the
night in which summer time begins is an hour shorter, and two shifts that meet leave no gap in any night.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from typing import NamedTuple

DAY = timedelta(days=1)
EVERY_DAY = frozenset(range(7))
ALL_DAY = time(0)  # hours that end where they start go once round the clock

Interval = tuple[datetime, datetime]  # start and end; the end is not part of it
Handovers = Mapping[tuple[int, date], int]  # (hours id, day) -> id of the member who has taken this shift over


@dataclass(frozen=True)
class WeeklyPattern:
    """Hours that repeat each week. days: Monday is 0; hours that pass midnight belong to the day they start on.

    since, until: from when to when the hours are in force; no hour outside counts.
    """

    id: int
    member_id: int
    days: frozenset[int]
    starts: time
    ends: time
    since: datetime
    until: datetime | None = None

    @property
    def hours(self) -> tuple[frozenset[int], time, time]:
        """What two members have who serve at the same times."""
        return self.days, self.starts, self.ends

    @property
    def day_runs(self) -> list[tuple[int, int]]:
        """First and last day of each run of consecutive days, also across the weekend; none for every day."""
        firsts = [day for day in sorted(self.days) if (day - 1) % 7 not in self.days]
        return [(first, (first + self._length(first) - 1) % 7) for first in firsts]

    def _length(self, first: int) -> int:
        return next(length for length in range(1, 8) if (first + length) % 7 not in self.days)


class Shift(NamedTuple):
    """The weekly hours of one day, and the member who has them on that day."""

    hours_id: int
    day: date
    member_id: int
    starts: datetime
    ends: datetime

    @property
    def code(self) -> str:
        """As a form names it: "12:2026-06-05"."""
        return f"{self.hours_id}:{self.day.isoformat()}"


@dataclass(frozen=True)
class Availability:
    """Everything that decides who can be reached.

    handovers: single shifts that another member has taken over. absences: by member. eligible: the members whose
    shifts count; None for all.
    """

    patterns: tuple[WeeklyPattern, ...] = ()
    handovers: Handovers = field(default_factory=dict)
    absences: Mapping[int, Sequence[Interval]] = field(default_factory=dict)
    eligible: frozenset[int] | None = None


def shifts(availability: Availability, first: datetime, last: datetime, zone: tzinfo) -> list[Shift]:
    """The shifts that lie at least partly between the two moments, the earliest first. Absences are not considered."""
    overlapping = []
    day, final = first.astimezone(zone).date() - DAY, last.astimezone(zone).date()
    while day <= final:
        for pattern in availability.patterns:
            if day.weekday() in pattern.days:
                member_id = availability.handovers.get((pattern.id, day), pattern.member_id)
                shift = _shift(pattern, day, member_id, zone)
                counts = availability.eligible is None or shift.member_id in availability.eligible
                if counts and shift.starts < shift.ends and shift.starts < last and shift.ends > first:
                    overlapping.append(shift)
        day += DAY
    return sorted(overlapping, key=lambda shift: (shift.starts, shift.ends, shift.hours_id))


def members_reachable_at(availability: Availability, moment: datetime, zone: tzinfo) -> frozenset[int]:
    """The members who have a shift at this moment and are not absent."""
    now = shifts(availability, moment, moment + timedelta.resolution, zone)
    return frozenset(shift.member_id for shift in now if not is_absent(availability, shift.member_id, moment))


def is_absent(availability: Availability, member_id: int, moment: datetime) -> bool:
    return any(starts <= moment < ends for starts, ends in availability.absences.get(member_id, ()))


@cache
def days_of(bits: int) -> frozenset[int]:
    """The days of a week as they are stored: Monday is the lowest of seven bits."""
    return frozenset(day for day in EVERY_DAY if bits >> day & 1)


def reachable_intervals(
    availability: Availability, first: datetime, last: datetime, zone: tzinfo
) -> list[tuple[int, Interval]]:
    """Member id and interval of each time between the two moments in which a member can be reached."""
    return [
        (shift.member_id, interval)
        for shift in shifts(availability, first, last, zone)
        for interval in _subtract(
            (max(shift.starts, first), min(shift.ends, last)), availability.absences.get(shift.member_id, ())
        )
    ]


def covered_intervals(availability: Availability, first: datetime, last: datetime, zone: tzinfo) -> list[Interval]:
    """When, between the two moments, at least one member can be reached: in order, none touching another."""
    lean = replace(availability, patterns=_without_repeats(availability, first, last))
    return merge_intervals(interval for _, interval in reachable_intervals(lean, first, last, zone))


def _without_repeats(availability: Availability, first: datetime, last: datetime) -> tuple[WeeklyPattern, ...]:
    """The patterns that decide when anybody can be reached.

    Of members with the same hours, no absence and no shift handed over, one for all the time that they have them
    together. Somebody else's same hours within that time change nothing.
    """
    handed_over, eligible = {hours_id for hours_id, _ in availability.handovers}, availability.eligible
    steady: dict[object, list[WeeklyPattern]] = defaultdict(list)
    others: list[WeeklyPattern] = []
    for pattern in availability.patterns:
        if pattern.id in handed_over or availability.absences.get(pattern.member_id):
            others.append(pattern)
        elif eligible is None or pattern.member_id in eligible:
            steady[pattern.hours].append(pattern)
    kept, spans = list[WeeklyPattern](), dict[object, list[Interval]]()
    for hours, alike in steady.items():
        in_force = (_span(each, first, last) for each in alike)
        spans[hours] = merge_intervals((since, until) for since, until in in_force if since < until)
        kept += [replace(alike[0], since=since, until=until) for since, until in spans[hours]]
    for pattern in others:
        since, until = _span(pattern, first, last)
        if not any(begins <= since and until <= ends for begins, ends in spans.get(pattern.hours, ())):
            kept.append(pattern)
    return tuple(kept)


def _span(pattern: WeeklyPattern, first: datetime, last: datetime) -> Interval:
    """When, between the two moments, these hours are in force. What begins or ends outside is cut to the moments."""
    return max(pattern.since, first), last if pattern.until is None else min(pattern.until, last)


def merge_intervals(intervals: Iterable[Interval], *, merge_touching: bool = True) -> list[Interval]:
    """In order, overlapping ones merged; with merge_touching also those of which one begins as the other ends."""
    merged: list[Interval] = []
    for starts, ends in sorted(intervals):
        if merged and (starts < merged[-1][1] or (merge_touching and starts == merged[-1][1])):
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        else:
            merged.append((starts, ends))
    return merged


def gaps(availability: Availability, first: datetime, last: datetime, zone: tzinfo) -> list[Interval]:
    """When, between the two moments, nobody can be reached."""
    return _subtract((first, last), covered_intervals(availability, first, last, zone))


def gaps_between(reachable: Iterable[tuple[int, Interval]], first: datetime, last: datetime) -> list[Interval]:
    """When nobody can be reached. reachable: the `reachable_intervals` of this time."""
    return _subtract((first, last), merge_intervals(interval for _, interval in reachable))


def covered_share(availability: Availability, first: datetime, last: datetime, zone: tzinfo) -> float:
    """The part of the time between the two moments in which somebody can be reached, from 0 to 1."""
    if last <= first:
        return 0.0
    covered = covered_intervals(availability, first, last, zone)
    return sum((ends - starts for starts, ends in covered), timedelta()) / (last - first)


@lru_cache(maxsize=4_096)  # a team begins and ends its hours at few times of the day
def moment_of(day: date, at: time, zone: tzinfo) -> datetime:
    """The moment, in UTC, at which the clock on the wall first shows this time, or skips it. Keeps the order of times.

    For an hour that is skipped, zoneinfo answers as if the clock had not jumped (PEP 495); then the jump itself is
    searched for, to the minute.
    """
    on_the_wall = datetime.combine(day, at.replace(fold=0), tzinfo=zone)
    moment, other = on_the_wall.astimezone(UTC), on_the_wall.replace(fold=1).astimezone(UTC)
    if moment <= other:
        return moment
    while moment - other > timedelta(minutes=1):
        middle = other + (moment - other) // 2
        if middle.astimezone(zone).replace(tzinfo=None) < on_the_wall.replace(tzinfo=None):
            other = middle
        else:
            moment = middle
    return moment.replace(second=0, microsecond=0)


def midnight(day: date, zone: tzinfo) -> datetime:
    """The moment a day begins, in UTC."""
    return moment_of(day, ALL_DAY, zone)


def _shift(pattern: WeeklyPattern, day: date, member_id: int, zone: tzinfo) -> Shift:
    starts = moment_of(day, pattern.starts, zone)
    ends = moment_of(day + DAY * (pattern.ends <= pattern.starts), pattern.ends, zone)
    last = ends if pattern.until is None else min(ends, pattern.until)
    return Shift(pattern.id, day, member_id, max(starts, pattern.since), last)


def _subtract(interval: Interval, removed: Iterable[Interval]) -> list[Interval]:
    """What is left of an interval, in order."""
    left, (at, last) = [], interval
    for starts, ends in sorted(removed):
        if at < min(starts, last):
            left.append((at, min(starts, last)))
        at = max(at, ends)
    return [*left, (at, last)] if at < last else left
