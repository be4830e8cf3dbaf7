"""Who is on call when, by the clock on the wall: tables, and properties over a year with both changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peersupport.team.domain import on_call
from peersupport.team.domain.on_call import EVERY_DAY, Known, Weekly

ZONE = ZoneInfo("America/Chicago")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)  # Sundays: 23 and 25 hours
YEAR = (on_call.midnight(date(2026, 1, 1), ZONE), on_call.midnight(date(2027, 1, 1), ZONE))

times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
days_of_week = st.frozensets(st.integers(0, 6), min_size=1)
weekly_hours = st.builds(
    Weekly, st.integers(1, 9), st.integers(1, 4), days_of_week, times, times, st.just(LONG_AGO) | moments,
    st.none() | moments,
)  # fmt: skip
pauses = st.dictionaries(
    st.integers(1, 4), st.tuples(st.tuples(moments, st.timedeltas(HOUR, 99 * HOUR)).map(lambda p: (p[0], p[0] + p[1])))
)
known = st.builds(Known, st.lists(weekly_hours, max_size=5, unique_by=lambda w: w.id).map(tuple), away=pauses)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=ZONE)


def one(days: frozenset[int] = EVERY_DAY, starts: str = "00:00", ends: str = "00:00", **more: object) -> Weekly:
    return Weekly(1, 7, days, time.fromisoformat(starts), time.fromisoformat(ends), **{"since": LONG_AGO} | more)


def reachable(weekly: Weekly, moment: datetime, **more: object) -> bool:
    return on_call.reachable_at(Known((weekly,), **more), moment, ZONE) == {7}


@pytest.mark.parametrize(
    ("weekly", "moment", "is_on_call"),
    [
        (one(), at(SPRING, "02:30"), True),
        (one(frozenset({4}), "18:00", "06:00"), at(date(2026, 5, 1), "17:59"), False),  # a Friday
        (one(frozenset({4}), "18:00", "06:00"), at(date(2026, 5, 1), "18:00"), True),
        (one(frozenset({4}), "18:00", "06:00"), at(date(2026, 5, 2), "05:59"), True),
        (one(frozenset({4}), "18:00", "06:00"), at(date(2026, 5, 2), "06:00"), False),
        (one(frozenset({4}), "18:00", "06:00"), at(date(2026, 5, 1), "05:00"), False),
        (one(frozenset({6}), "06:00", "06:00"), at(date(2026, 5, 4), "05:59"), True),  # Sunday until Monday
        (one(since=at(date(2026, 5, 1), "12:00")), at(date(2026, 5, 1), "11:59"), False),
        (one(until=at(date(2026, 5, 1), "12:00")), at(date(2026, 5, 1), "11:59"), True),
        (one(until=at(date(2026, 5, 1), "12:00")), at(date(2026, 5, 1), "12:00"), False),
    ],
)
def test_hours_hold_by_the_clock_on_the_wall(weekly: Weekly, moment: datetime, is_on_call: bool) -> None:
    assert reachable(weekly, moment) is is_on_call


@pytest.mark.parametrize(
    ("day", "starts", "ends", "hours"),
    [
        (SPRING, "00:00", "00:00", 23),
        (AUTUMN, "00:00", "00:00", 25),
        (SPRING - timedelta(1), "18:00", "06:00", 11),
        (AUTUMN - timedelta(1), "18:00", "06:00", 13),
        (SPRING, "02:15", "02:45", 0),  # jumped over
        (SPRING, "02:30", "03:30", 0.5),
        (AUTUMN, "01:30", "02:30", 2),  # half past one comes twice
    ],
)
def test_nights_of_the_change_are_shorter_and_longer(day: date, starts: str, ends: str, hours: float) -> None:
    weekly = one(frozenset({day.weekday()}), starts, ends, since=on_call.midnight(day, ZONE))
    stretches = on_call.covered(Known((weekly,)), on_call.midnight(day, ZONE), at(day, "12:00") + 24 * HOUR, ZONE)
    assert sum((end - begin for begin, end in stretches), timedelta()) == hours * HOUR


def test_a_shift_handed_over_is_the_other_ones_for_that_day_alone() -> None:
    friday = date(2026, 5, 1)
    night = one(frozenset({4}), "18:00", "06:00")
    handed = Known((night,), held={(1, friday): 8})
    assert on_call.reachable_at(handed, at(friday + timedelta(1), "03:00"), ZONE) == {8}
    assert on_call.reachable_at(handed, at(friday + timedelta(7), "20:00"), ZONE) == {7}


def test_a_pause_leaves_a_gap_until_its_last_moment() -> None:
    first, last = at(date(2026, 5, 1), "00:00"), at(date(2026, 5, 2), "00:00")
    away = {7: ((at(date(2026, 5, 1), "10:00"), at(date(2026, 5, 1), "12:00")),)}
    gap = (at(date(2026, 5, 1), "10:00"), at(date(2026, 5, 1), "12:00"))
    assert on_call.gaps(Known((one(),), away=away), first, last, ZONE) == [gap]
    assert on_call.gaps(Known((one(),), among=frozenset({8})), first, last, ZONE) == [(first, last)]


@given(first=st.dates(date(2026, 1, 1), date(2026, 12, 31)), length=st.integers(1, 40))
def test_hours_all_week_leave_no_gap_in_any_night(first: date, length: int) -> None:
    stretch = (on_call.midnight(first, ZONE), on_call.midnight(first + timedelta(length), ZONE))
    assert on_call.gaps(Known((one(),)), *stretch, ZONE) == [] and on_call.share(Known((one(),)), *stretch, ZONE) == 1


@given(day=st.sampled_from([SPRING, AUTUMN, date(2026, 5, 1)]), cut=times, around=times)
def test_two_shifts_that_meet_leave_no_gap_and_are_never_both(day: date, cut: time, around: time) -> None:
    first = Weekly(1, 1, EVERY_DAY, around, cut, LONG_AGO)
    second = Weekly(2, 2, EVERY_DAY, cut, around, LONG_AGO)
    stretch = (on_call.midnight(day, ZONE), on_call.midnight(day + timedelta(1), ZONE))
    assert on_call.gaps(Known((first, second)), *stretch, ZONE) == []


@given(day=st.sampled_from([SPRING, AUTUMN]), clock=st.tuples(times, times))
def test_a_later_reading_of_the_clock_is_never_an_earlier_moment(day: date, clock: tuple[time, time]) -> None:
    earlier, later = sorted(clock)
    assert on_call.instant(day, earlier, ZONE) <= on_call.instant(day, later, ZONE)


@settings(max_examples=50)
@given(known=known, moment=moments)
def test_gaps_and_who_is_reachable_never_disagree(known: Known, moment: datetime) -> None:
    stretches = on_call.gaps(known, moment - HOUR, moment + HOUR, ZONE)
    is_gap = any(starts <= moment < ends for starts, ends in stretches)
    assert is_gap is not bool(on_call.reachable_at(known, moment, ZONE))


@settings(max_examples=30)
@given(known=known, first=moments, length=st.timedeltas(timedelta(0), timedelta(days=20)))
def test_share_is_what_the_gaps_leave(known: Known, first: datetime, length: timedelta) -> None:
    share = on_call.share(known, first, first + length, ZONE)
    missing = sum((ends - starts for starts, ends in on_call.gaps(known, first, first + length, ZONE)), timedelta())
    assert 0 <= share <= 1 and (not length or share == pytest.approx(1 - missing / length))


@pytest.mark.parametrize(
    ("weekly", "words"),
    [
        (one(), "every day, all day"),
        (one(frozenset(range(5)), "18:00", "06:00"), "Monday to Friday, 18:00 to 06:00"),
        (one(frozenset({4, 5, 6, 0}), "08:30", "12:00"), "Friday to Monday, 08:30 to 12:00"),
        (one(frozenset({5, 6})), "Saturday and Sunday, all day"),
        (one(frozenset({0, 2})), "Monday, Wednesday, all day"),
        (one(frozenset({6, 0})), "Sunday and Monday, all day"),
    ],
)
def test_hours_in_words(weekly: Weekly, words: str) -> None:
    assert weekly.in_words == words
