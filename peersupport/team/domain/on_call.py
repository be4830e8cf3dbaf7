"""Who can be reached when: hours of the week, single shifts handed over, pauses. Pure; moments and the zone come in.

Days and hours are those of the clock on the wall. A shift lasts from one reading of that clock to another, so the
night in which summer time begins is an hour shorter, and between two shifts that meet there is no gap in any night.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)
EVERY_DAY = frozenset(range(7))
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ALL_DAY = time(0)  # hours that end where they start go once round the clock

Stretch = tuple[datetime, datetime]
Holders = Mapping[tuple[int, date], int]


@dataclass(frozen=True)
class Weekly:
    """Hours that come back each week. days: Monday is 0; hours that pass midnight belong to the day they start on.

    since, until: from when to when this holds; no hour outside counts.
    """

    id: int
    member_id: int
    days: frozenset[int]
    starts: time
    ends: time
    since: datetime
    until: datetime | None = None

    @property
    def in_words(self) -> str:
        """ "Monday to Friday, 18:00 to 06:00" """
        hours = "all day" if self.starts == self.ends else f"{self.starts:%H:%M} to {self.ends:%H:%M}"
        return f"{_days_in_words(self.days)}, {hours}"


@dataclass(frozen=True)
class Shift:
    """The weekly hours of one day, and who has them on that day."""

    weekly_id: int
    day: date
    member_id: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Known:
    """All that says who can be reached.

    held: whose a single shift is, where it was handed over. among: the members who count; None for all.
    """

    weekly: tuple[Weekly, ...] = ()
    held: Holders = field(default_factory=dict)
    away: Mapping[int, Sequence[Stretch]] = field(default_factory=dict)
    among: frozenset[int] | None = None


def shifts(known: Known, first: datetime, last: datetime, zone: tzinfo) -> list[Shift]:
    """The shifts that lie at least partly between the two moments, the earliest first."""
    found = []
    day, final = first.astimezone(zone).date() - DAY, last.astimezone(zone).date()
    while day <= final:
        for one in known.weekly:
            if day.weekday() in one.days:
                shift = _shift(one, day, known.held.get((one.id, day), one.member_id), zone)
                is_there = known.among is None or shift.member_id in known.among
                if is_there and shift.starts < shift.ends and shift.starts < last and shift.ends > first:
                    found.append(shift)
        day += DAY
    return sorted(found, key=lambda shift: (shift.starts, shift.ends, shift.weekly_id))


def reachable_at(known: Known, moment: datetime, zone: tzinfo) -> frozenset[int]:
    """The members whose hours these are at this moment, but for those who are away."""
    now = shifts(known, moment, moment + timedelta.resolution, zone)
    return frozenset(shift.member_id for shift in now if not is_away(known, shift.member_id, moment))


def is_away(known: Known, member_id: int, moment: datetime) -> bool:
    return any(starts <= moment < ends for starts, ends in known.away.get(member_id, ()))


def stretches(known: Known, first: datetime, last: datetime, zone: tzinfo) -> list[tuple[int, Stretch]]:
    """Each member with the times between the two moments in which they can be reached."""
    return [
        (shift.member_id, stretch)
        for shift in shifts(known, first, last, zone)
        for stretch in _without((max(shift.starts, first), min(shift.ends, last)), known.away.get(shift.member_id, ()))
    ]


def covered(known: Known, first: datetime, last: datetime, zone: tzinfo) -> list[Stretch]:
    """The stretches between the two moments in which at least one member can be reached, in order, none touching."""
    return joined(stretch for _, stretch in stretches(known, first, last, zone))


def joined(stretches: Iterable[Stretch], *, where_they_meet: bool = True) -> list[Stretch]:
    """In order, and made one where they overlap; where one only begins as another ends, if that is asked for."""
    one: list[Stretch] = []
    for starts, ends in sorted(stretches):
        if one and (starts < one[-1][1] or (where_they_meet and starts == one[-1][1])):
            one[-1] = (one[-1][0], max(ends, one[-1][1]))
        else:
            one.append((starts, ends))
    return one


def gaps(known: Known, first: datetime, last: datetime, zone: tzinfo) -> list[Stretch]:
    """The stretches between the two moments in which nobody can be reached."""
    return _without((first, last), covered(known, first, last, zone))


def share(known: Known, first: datetime, last: datetime, zone: tzinfo) -> float:
    """Which part of the time between the two moments somebody can be reached in, from 0 to 1."""
    if last <= first:
        return 0.0
    return sum((ends - starts for starts, ends in covered(known, first, last, zone)), timedelta()) / (last - first)


def instant(day: date, at: time, zone: tzinfo) -> datetime:
    """The moment at which the clock on the wall first shows this, or jumps over it; in UTC. A later reading is later.

    zoneinfo answers for an hour that is jumped over as if the clock had not (PEP 495): then the jump itself is looked
    for, to the minute.
    """
    shown = datetime.combine(day, at.replace(fold=0), tzinfo=zone)
    moment, other = shown.astimezone(UTC), shown.replace(fold=1).astimezone(UTC)
    if moment <= other:
        return moment
    while moment - other > timedelta(minutes=1):
        middle = other + (moment - other) // 2
        if middle.astimezone(zone).replace(tzinfo=None) < shown.replace(tzinfo=None):
            other = middle
        else:
            moment = middle
    return moment.replace(second=0, microsecond=0)


def midnight(day: date, zone: tzinfo) -> datetime:
    """The moment a day begins, in UTC."""
    return instant(day, ALL_DAY, zone)


def _days_in_words(days: frozenset[int]) -> str:
    """Three days or more in a row are told by the first and the last, over the weekend too."""
    if days == EVERY_DAY:
        return "every day"
    runs = []
    for first in (day for day in sorted(days) if (day - 1) % 7 not in days):
        length = next(n for n in range(1, 8) if (first + n) % 7 not in days)
        last = (first + length - 1) % 7
        runs.append(f"{DAYS[first]} to {DAYS[last]}" if length > 2 else " and ".join({DAYS[first]: 0, DAYS[last]: 0}))
    return ", ".join(runs)


def _shift(one: Weekly, day: date, member_id: int, zone: tzinfo) -> Shift:
    starts, ends = instant(day, one.starts, zone), instant(day + DAY * (one.ends <= one.starts), one.ends, zone)
    return Shift(one.id, day, member_id, max(starts, one.since), ends if one.until is None else min(ends, one.until))


def _without(stretch: Stretch, taken: Iterable[Stretch]) -> list[Stretch]:
    """What is left of a stretch."""
    left, (at, last) = [], stretch
    for starts, ends in sorted(taken):
        if at < min(starts, last):
            left.append((at, min(starts, last)))
        at = max(at, ends)
    return [*left, (at, last)] if at < last else left
