"""Days and hours as people read them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from peersupport.team.domain.on_call import EVERY_DAY, WeeklyPattern
from peersupport.team.domain.schedule import DayRange, TimeSlot
from peersupport.team.presenters import hours

ZONE = ZoneInfo("America/Chicago")
MIDNIGHT = datetime(2026, 3, 10, 0, 0, tzinfo=ZONE)  # a Tuesday
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("days", "starts", "ends", "label"),
    [
        (EVERY_DAY, 0, 0, "Every day, all day"),
        (range(5), 18, 6, "Monday to Friday, 18:00 to 06:00"),
        ({4, 5, 6, 0}, 8, 12, "Friday to Monday, 08:00 to 12:00"),
        ({5, 6}, 0, 0, "Saturday and Sunday, all day"),
        ({0, 2}, 0, 0, "Monday, Wednesday, all day"),
        ({6, 0}, 0, 0, "Sunday and Monday, all day"),
    ],
)
def test_weekly_label_names_days_and_hours(days: set[int], starts: int, ends: int, label: str) -> None:
    since = datetime(2020, 1, 1, tzinfo=UTC)
    assert hours.weekly_label(WeeklyPattern(1, 7, frozenset(days), time(starts), time(ends), since)) == label


def test_until_label() -> None:
    assert hours.until_label(datetime(2026, 11, 28, 18, tzinfo=UTC)) == "Until November 28, 2026"
    assert hours.until_label(None) == ""


@pytest.mark.parametrize(
    ("starts", "ends", "label"),
    [
        (0, 24, "Tuesday, March 10, all day"),
        (18, 22, "Tuesday, March 10, 18:00 to 22:00"),
        (18, 30, "Tuesday, March 10, 18:00 to Wednesday, 06:00"),
        (18, 60, "Tuesday, March 10, 18:00 to Thursday, March 12, 12:00"),
        (0, 48, "Tuesday, March 10, 00:00 to Thursday, March 12, 00:00"),
    ],
)
def test_interval_label(starts: int, ends: int, label: str) -> None:
    assert hours.interval_label((MIDNIGHT + starts * HOUR, MIDNIGHT + ends * HOUR), ZONE) == label


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        (TimeSlot(time(0), time(0)), "all day"),
        (TimeSlot(time(18), time(0)), "18:00 to midnight"),
        (TimeSlot(time(0), time(6)), "00:00 to 06:00"),
        (TimeSlot(time(10), time(18), is_now=True), "now to 18:00"),
        (TimeSlot(time(10), time(0), is_now=True), "now to midnight"),
    ],
)
def test_slot_hours(slot: TimeSlot, said: str) -> None:
    assert hours.slot_hours(slot) == said


def test_names() -> None:
    assert [hours.names(people) for people in ([], ["Ben"], ["Ben", "Ana"], ["Dee", "Ben", "Ana"])] == [
        "", "Ben", "Ana and Ben", "Ana, Ben and Dee",
    ]  # fmt: skip


def test_shown_days_name_the_days_and_who_has_them() -> None:
    first, last, slots = date(2026, 3, 9), date(2026, 3, 11), (TimeSlot(time(0), time(0), ("Ana", "Ben")),)
    several, one = hours.shown_days([DayRange(first, last, slots, ()), DayRange(last, last, (), ())])
    assert (several.label, one.label) == ("Monday, March 9 to Wednesday, March 11", "Wednesday, March 11")
    assert several.slots == [hours.ShownSlot("all day", "Ana and Ben")] and one.slots == []
