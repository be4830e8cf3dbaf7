"""The days ahead as slots and bars."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from peersupport.team.domain import schedule
from peersupport.team.domain.schedule import TimeSlot

ZONE = ZoneInfo("America/Chicago")
HOUR = timedelta(hours=1)
NOW = datetime(2026, 3, 7, 10, 0, tzinfo=ZONE)  # the day before summer time begins


def test_each_day_shows_who_is_on_call_and_when_nobody_is() -> None:
    night = (datetime(2026, 3, 7, 18, 0, tzinfo=ZONE), datetime(2026, 3, 8, 6, 0, tzinfo=ZONE))
    gaps = [(NOW, night[0]), (night[1], datetime(2026, 3, 10, 0, 0, tzinfo=ZONE))]
    schedules = schedule.day_schedules(
        NOW, on_call=[("Ben", night), ("Ana", night), ("Ana", night)], gaps=gaps, zone=ZONE, count=3
    )
    assert [day.day for day in schedules] == [date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 9)]
    assert [day.slots for day in schedules] == [
        (TimeSlot(time(10), time(18), is_now=True), TimeSlot(time(18), time(0), ("Ana", "Ben"))),
        (TimeSlot(time(0), time(6), ("Ana", "Ben")), TimeSlot(time(6), time(0))),
        (TimeSlot(time(0), time(0)),),
    ]
    assert [day.bands for day in schedules] == [((75.0, 25.0),), ((0.0, 21.74),), ()], "five hours of twenty-three"


def test_overlapping_hours_of_one_person_are_one_slot() -> None:
    first, middle, last = (datetime(2026, 3, 7, hour, tzinfo=ZONE) for hour in (12, 15, 18))
    on_call = [("Ana", (first, last)), ("Ana", (middle, last)), ("Ben", (middle, last)), ("Ana", (last, last + HOUR))]
    [day] = schedule.day_schedules(NOW, on_call=on_call, gaps=[], zone=ZONE, count=1)
    assert day.slots == (TimeSlot(time(12), time(19), ("Ana",)), TimeSlot(time(15), time(18), ("Ben",)))


def test_whole_hours_rounds_up() -> None:
    assert schedule.whole_hours([(NOW, NOW + timedelta(minutes=61)), (NOW, NOW + timedelta(minutes=59))]) == 2
    assert schedule.whole_hours([(NOW, NOW + timedelta(minutes=1))]) == 1 and schedule.whole_hours([]) == 0


def test_consecutive_days_with_the_same_schedule_become_one_range() -> None:
    monday, day = datetime(2026, 3, 9, 0, 0, tzinfo=ZONE), timedelta(days=1)
    on_call = [("Ana", (monday, monday + 3 * day)), ("Ben", (monday + 4 * day, monday + 5 * day))]
    gaps = [(monday + 3 * day, monday + 4 * day)]
    ranges = schedule.group_equal_days(schedule.day_schedules(monday, on_call=on_call, gaps=gaps, zone=ZONE, count=5))
    all_day = TimeSlot(time(0), time(0))
    assert [(days.first.day, days.last.day, days.slots) for days in ranges] == [
        (9, 11, (replace(all_day, names=("Ana",)),)),
        (12, 12, (all_day,)),
        (13, 13, (replace(all_day, names=("Ben",)),)),
    ]
    assert ranges[0].bands == ((0.0, 100.0),)
    assert schedule.group_equal_days([]) == []
