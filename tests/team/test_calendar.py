"""The days ahead in lines and bars."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from peersupport.team.domain import schedule
from peersupport.team.domain.schedule import Line

ZONE = ZoneInfo("America/Chicago")
HOUR = timedelta(hours=1)
NOW = datetime(2026, 3, 7, 10, 0, tzinfo=ZONE)  # the day before summer time begins


def test_each_day_says_who_and_where_nobody_is() -> None:
    night = (datetime(2026, 3, 7, 18, 0, tzinfo=ZONE), datetime(2026, 3, 8, 6, 0, tzinfo=ZONE))
    gaps = [(NOW, night[0]), (night[1], datetime(2026, 3, 10, 0, 0, tzinfo=ZONE))]
    found = schedule.days(NOW, taken=[("Ben", night), ("Ana", night), ("Ana", night)], gaps=gaps, zone=ZONE, count=3)
    assert [day.day for day in found] == [date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 9)]
    assert [day.lines for day in found] == [
        (Line("now to 18:00", ""), Line("18:00 to 24:00", "Ana and Ben")),
        (Line("00:00 to 06:00", "Ana and Ben"), Line("06:00 to 24:00", "")),
        (Line("all day", ""),),
    ]
    assert [day.bands for day in found] == [((75.0, 25.0),), ((0.0, 21.74),), ()], "five hours of twenty-three"


def test_hours_of_one_person_that_overlap_are_one_line() -> None:
    first, middle, last = (datetime(2026, 3, 7, hour, tzinfo=ZONE) for hour in (12, 15, 18))
    taken = [("Ana", (first, last)), ("Ana", (middle, last)), ("Ben", (middle, last)), ("Ana", (last, last + HOUR))]
    [day] = schedule.days(NOW, taken=taken, gaps=[], zone=ZONE, count=1)
    assert day.lines == (Line("12:00 to 19:00", "Ana"), Line("15:00 to 18:00", "Ben"))


def test_a_stretch_in_words() -> None:
    midnight = datetime(2026, 3, 10, 0, 0, tzinfo=ZONE)
    told = [schedule.in_words((midnight + start * HOUR, midnight + end * HOUR), ZONE) for start, end in
            ((0, 24), (18, 22), (18, 30), (18, 60), (0, 48))]  # fmt: skip
    assert told == [
        "Tuesday, 10 March, all day",
        "Tuesday, 10 March, 18:00 to 22:00",
        "Tuesday, 10 March, 18:00 to Wednesday 06:00",
        "Tuesday, 10 March, 18:00 to Thursday, 12 March, 12:00",
        "Tuesday, 10 March, 00:00 to Thursday, 12 March, 00:00",
    ]


def test_hours_begun_are_counted_whole() -> None:
    assert schedule.hours_in([(NOW, NOW + timedelta(minutes=61)), (NOW, NOW + timedelta(minutes=59))]) == 2
    assert schedule.hours_in([(NOW, NOW + timedelta(minutes=1))]) == 1 and schedule.hours_in([]) == 0


def test_names_in_a_row() -> None:
    assert [schedule.in_a_row(names) for names in ([], ["Ben"], ["Ben", "Ana"], ["Dee", "Ben", "Ana"])] == [
        "", "Ben", "Ana and Ben", "Ana, Ben and Dee",
    ]  # fmt: skip


def test_days_in_a_row_that_are_alike_are_told_as_one() -> None:
    monday, days = datetime(2026, 3, 9, 0, 0, tzinfo=ZONE), timedelta(days=1)
    taken = [("Ana", (monday, monday + 3 * days)), ("Ben", (monday + 4 * days, monday + 5 * days))]
    gaps = [(monday + 3 * days, monday + 4 * days)]
    found = schedule.alike(schedule.days(monday, taken=taken, gaps=gaps, zone=ZONE, count=5))
    assert [(each.in_words, each.lines) for each in found] == [
        ("Monday 9 March to Wednesday 11 March", (Line("all day", "Ana"),)),
        ("Thursday 12 March", (Line("all day", ""),)),
        ("Friday 13 March", (Line("all day", "Ben"),)),
    ]
    assert found[0].bands == ((0.0, 100.0),) and (found[0].first.day, found[0].last.day) == (9, 11)
    assert schedule.alike([]) == []
