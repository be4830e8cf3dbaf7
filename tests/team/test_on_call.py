"""Who is on call when, by the clock on the wall: tables, and properties over a year with both clock changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peersupport.team.domain import on_call
from peersupport.team.domain.on_call import EVERY_DAY, Availability, WeeklyPattern

ZONE = ZoneInfo("America/Chicago")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)  # Sundays: 23 and 25 hours
YEAR = (on_call.midnight(date(2026, 1, 1), ZONE), on_call.midnight(date(2027, 1, 1), ZONE))

times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
days_of_week = st.frozensets(st.integers(0, 6), min_size=1)
patterns = st.builds(
    WeeklyPattern, st.integers(1, 9), st.integers(1, 4), days_of_week, times, times, st.just(LONG_AGO) | moments,
    st.none() | moments,
)  # fmt: skip
absences = st.dictionaries(
    st.integers(1, 4), st.tuples(st.tuples(moments, st.timedeltas(HOUR, 99 * HOUR)).map(lambda p: (p[0], p[0] + p[1])))
)
availabilities = st.builds(
    Availability, st.lists(patterns, max_size=5, unique_by=lambda w: w.id).map(tuple), absences=absences
)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=ZONE)


def pattern_of(
    days: frozenset[int] = EVERY_DAY, starts: str = "00:00", ends: str = "00:00", **more: object
) -> WeeklyPattern:
    return WeeklyPattern(1, 7, days, time.fromisoformat(starts), time.fromisoformat(ends), **{"since": LONG_AGO} | more)


def reachable(pattern: WeeklyPattern, moment: datetime, **more: object) -> bool:
    return on_call.members_reachable_at(Availability((pattern,), **more), moment, ZONE) == {7}


@pytest.mark.parametrize(
    ("pattern", "moment", "is_on_call"),
    [
        (pattern_of(), at(SPRING, "02:30"), True),
        (pattern_of(frozenset({4}), "18:00", "06:00"), at(date(2026, 5, 1), "17:59"), False),  # a Friday
        (pattern_of(frozenset({4}), "18:00", "06:00"), at(date(2026, 5, 1), "18:00"), True),
        (pattern_of(frozenset({4}), "18:00", "06:00"), at(date(2026, 5, 2), "05:59"), True),
        (pattern_of(frozenset({4}), "18:00", "06:00"), at(date(2026, 5, 2), "06:00"), False),
        (pattern_of(frozenset({4}), "18:00", "06:00"), at(date(2026, 5, 1), "05:00"), False),
        (pattern_of(frozenset({6}), "06:00", "06:00"), at(date(2026, 5, 4), "05:59"), True),  # Sunday until Monday
        (pattern_of(since=at(date(2026, 5, 1), "12:00")), at(date(2026, 5, 1), "11:59"), False),
        (pattern_of(until=at(date(2026, 5, 1), "12:00")), at(date(2026, 5, 1), "11:59"), True),
        (pattern_of(until=at(date(2026, 5, 1), "12:00")), at(date(2026, 5, 1), "12:00"), False),
    ],
)
def test_hours_follow_the_clock_on_the_wall(pattern: WeeklyPattern, moment: datetime, is_on_call: bool) -> None:
    assert reachable(pattern, moment) is is_on_call


@pytest.mark.parametrize(
    ("day", "starts", "ends", "hours"),
    [
        (SPRING, "00:00", "00:00", 23),
        (AUTUMN, "00:00", "00:00", 25),
        (SPRING - timedelta(1), "18:00", "06:00", 11),
        (AUTUMN - timedelta(1), "18:00", "06:00", 13),
        (SPRING, "02:15", "02:45", 0),  # skipped
        (SPRING, "02:30", "03:30", 0.5),
        (AUTUMN, "01:30", "02:30", 2),  # half past one happens twice
    ],
)
def test_shifts_at_clock_changes_are_shorter_and_longer(day: date, starts: str, ends: str, hours: float) -> None:
    pattern = pattern_of(frozenset({day.weekday()}), starts, ends, since=on_call.midnight(day, ZONE))
    intervals = on_call.covered_intervals(
        Availability((pattern,)), on_call.midnight(day, ZONE), at(day, "12:00") + 24 * HOUR, ZONE
    )
    assert sum((end - begin for begin, end in intervals), timedelta()) == hours * HOUR


def test_handover_applies_to_that_day_only() -> None:
    friday = date(2026, 5, 1)
    night = pattern_of(frozenset({4}), "18:00", "06:00")
    handed_over = Availability((night,), handovers={(1, friday): 8})
    assert on_call.members_reachable_at(handed_over, at(friday + timedelta(1), "03:00"), ZONE) == {8}
    assert on_call.members_reachable_at(handed_over, at(friday + timedelta(7), "20:00"), ZONE) == {7}


def test_absence_leaves_a_gap() -> None:
    first, last = at(date(2026, 5, 1), "00:00"), at(date(2026, 5, 2), "00:00")
    absences = {7: ((at(date(2026, 5, 1), "10:00"), at(date(2026, 5, 1), "12:00")),)}
    gap = (at(date(2026, 5, 1), "10:00"), at(date(2026, 5, 1), "12:00"))
    assert on_call.gaps(Availability((pattern_of(),), absences=absences), first, last, ZONE) == [gap]
    assert on_call.gaps(Availability((pattern_of(),), eligible=frozenset({8})), first, last, ZONE) == [(first, last)]


@given(first=st.dates(date(2026, 1, 1), date(2026, 12, 31)), length=st.integers(1, 40))
def test_hours_all_week_leave_no_gap(first: date, length: int) -> None:
    interval = (on_call.midnight(first, ZONE), on_call.midnight(first + timedelta(length), ZONE))
    assert (
        on_call.gaps(Availability((pattern_of(),)), *interval, ZONE) == []
        and on_call.covered_share(Availability((pattern_of(),)), *interval, ZONE) == 1
    )


@given(day=st.sampled_from([SPRING, AUTUMN, date(2026, 5, 1)]), cut=times, around=times)
def test_shifts_that_meet_leave_no_gap(day: date, cut: time, around: time) -> None:
    first = WeeklyPattern(1, 1, EVERY_DAY, around, cut, LONG_AGO)
    second = WeeklyPattern(2, 2, EVERY_DAY, cut, around, LONG_AGO)
    interval = (on_call.midnight(day, ZONE), on_call.midnight(day + timedelta(1), ZONE))
    assert on_call.gaps(Availability((first, second)), *interval, ZONE) == []


@given(day=st.sampled_from([SPRING, AUTUMN]), clock=st.tuples(times, times))
def test_later_time_of_day_is_never_an_earlier_moment(day: date, clock: tuple[time, time]) -> None:
    earlier, later = sorted(clock)
    assert on_call.moment_of(day, earlier, ZONE) <= on_call.moment_of(day, later, ZONE)


@settings(max_examples=50)
@given(availability=availabilities, moment=moments)
def test_gaps_agree_with_who_is_reachable(availability: Availability, moment: datetime) -> None:
    intervals = on_call.gaps(availability, moment - HOUR, moment + HOUR, ZONE)
    is_gap = any(starts <= moment < ends for starts, ends in intervals)
    assert is_gap is not bool(on_call.members_reachable_at(availability, moment, ZONE))


@settings(max_examples=30)
@given(availability=availabilities, first=moments, length=st.timedeltas(timedelta(0), timedelta(days=20)))
def test_covered_share_is_what_the_gaps_leave(availability: Availability, first: datetime, length: timedelta) -> None:
    share = on_call.covered_share(availability, first, first + length, ZONE)
    missing = sum(
        (ends - starts for starts, ends in on_call.gaps(availability, first, first + length, ZONE)), timedelta()
    )
    assert 0 <= share <= 1 and (not length or share == pytest.approx(1 - missing / length))


WEEK = [at(date(2026, 5, day), "00:00") for day in range(1, 9)]
spans_of_the_week = st.lists(st.sampled_from(WEEK), min_size=2, max_size=2, unique=True).map(sorted)


@given(
    members=st.lists(
        st.tuples(
            st.integers(1, 4), st.sampled_from(["08:00", "20:00"]), spans_of_the_week, st.none() | spans_of_the_week
        ),
        max_size=5,
    ),
    handed_over=st.none() | st.tuples(st.integers(0, 4), st.integers(1, 4)),
)
def test_members_with_the_same_hours_are_looked_at_once_and_nothing_is_lost(
    members: list[tuple[int, str, list[datetime], list[datetime] | None]], handed_over: tuple[int, int] | None
) -> None:
    """What covers the week is what everybody's shifts, each by itself, cover together."""
    patterns = tuple(
        WeeklyPattern(number, member, EVERY_DAY, time.fromisoformat(starts), time(14), since, until)
        for number, (member, starts, (since, until), _) in enumerate(members)
    )
    absences = {member: (tuple(away),) for member, _, _, away in members if away}
    handovers = {(handed_over[0], date(2026, 5, 3)): handed_over[1]} if handed_over else {}
    availability = Availability(patterns, handovers, absences)
    alone = [interval for _, interval in on_call.reachable_intervals(availability, WEEK[0], WEEK[-1], ZONE)]
    assert on_call.covered_intervals(availability, WEEK[0], WEEK[-1], ZONE) == on_call.merge_intervals(alone)


FRIDAY = (at(date(2026, 5, 1), "00:00"), at(date(2026, 5, 2), "00:00"))


@pytest.mark.parametrize(
    ("why_not_seven", "is_gap"),
    [
        ({"absences": {7: (FRIDAY,)}}, False),
        ({"eligible": frozenset({8})}, False),
        ({"handovers": {(1, date(2026, 5, 1)): 9}, "eligible": frozenset({7, 8})}, False),
        ({"handovers": {(2, date(2026, 5, 1)): 9}, "absences": {7: (FRIDAY,)}, "eligible": frozenset({7, 8})}, True),
    ],
)
def test_of_two_with_the_same_hours_the_one_who_is_there_leaves_no_gap(
    why_not_seven: dict[str, Any], is_gap: bool
) -> None:
    both = (pattern_of(), replace(pattern_of(), id=2, member_id=8))
    for patterns in (both, both[::-1]):
        gaps = on_call.gaps(Availability(patterns, **why_not_seven), *FRIDAY, ZONE)
        assert gaps == ([FRIDAY] if is_gap else [])


def test_hours_that_begin_later_are_not_the_same() -> None:
    begun_at_noon = pattern_of(since=at(date(2026, 5, 1), "12:00"))
    always = replace(pattern_of(), id=2, member_id=8)
    assert on_call.gaps(Availability((begun_at_noon, always)), *FRIDAY, ZONE) == []
