"""The days ahead as slots and bars."""

from datetime import date, datetime, timedelta
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
        (TimeSlot("now to 18:00", ""), TimeSlot("18:00 to 24:00", "Ana and Ben")),
        (TimeSlot("00:00 to 06:00", "Ana and Ben"), TimeSlot("06:00 to 24:00", "")),
        (TimeSlot("all day", ""),),
    ]
    assert [day.bands for day in schedules] == [((75.0, 25.0),), ((0.0, 21.74),), ()], "five hours of twenty-three"


def test_overlapping_hours_of_one_person_are_one_slot() -> None:
    first, middle, last = (datetime(2026, 3, 7, hour, tzinfo=ZONE) for hour in (12, 15, 18))
    on_call = [("Ana", (first, last)), ("Ana", (middle, last)), ("Ben", (middle, last)), ("Ana", (last, last + HOUR))]
    [day] = schedule.day_schedules(NOW, on_call=on_call, gaps=[], zone=ZONE, count=1)
    assert day.slots == (TimeSlot("12:00 to 19:00", "Ana"), TimeSlot("15:00 to 18:00", "Ben"))


def test_interval_label() -> None:
    midnight = datetime(2026, 3, 10, 0, 0, tzinfo=ZONE)
    labels = [schedule.interval_label((midnight + start * HOUR, midnight + end * HOUR), ZONE) for start, end in
            ((0, 24), (18, 22), (18, 30), (18, 60), (0, 48))]  # fmt: skip
    assert labels == [
        "Tuesday, 10 March, all day",
        "Tuesday, 10 March, 18:00 to 22:00",
        "Tuesday, 10 March, 18:00 to Wednesday 06:00",
        "Tuesday, 10 March, 18:00 to Thursday, 12 March, 12:00",
        "Tuesday, 10 March, 00:00 to Thursday, 12 March, 00:00",
    ]


def test_whole_hours_rounds_up() -> None:
    assert schedule.whole_hours([(NOW, NOW + timedelta(minutes=61)), (NOW, NOW + timedelta(minutes=59))]) == 2
    assert schedule.whole_hours([(NOW, NOW + timedelta(minutes=1))]) == 1 and schedule.whole_hours([]) == 0


def test_join_names() -> None:
    assert [schedule.join_names(names) for names in ([], ["Ben"], ["Ben", "Ana"], ["Dee", "Ben", "Ana"])] == [
        "", "Ben", "Ana and Ben", "Ana, Ben and Dee",
    ]  # fmt: skip


def test_consecutive_days_with_the_same_schedule_become_one_range() -> None:
    monday, day = datetime(2026, 3, 9, 0, 0, tzinfo=ZONE), timedelta(days=1)
    on_call = [("Ana", (monday, monday + 3 * day)), ("Ben", (monday + 4 * day, monday + 5 * day))]
    gaps = [(monday + 3 * day, monday + 4 * day)]
    ranges = schedule.group_equal_days(schedule.day_schedules(monday, on_call=on_call, gaps=gaps, zone=ZONE, count=5))
    assert [(days.label, days.slots) for days in ranges] == [
        ("Monday 9 March to Wednesday 11 March", (TimeSlot("all day", "Ana"),)),
        ("Thursday 12 March", (TimeSlot("all day", ""),)),
        ("Friday 13 March", (TimeSlot("all day", "Ben"),)),
    ]
    assert ranges[0].bands == ((0.0, 100.0),) and (ranges[0].first.day, ranges[0].last.day) == (9, 11)
    assert schedule.group_equal_days([]) == []
