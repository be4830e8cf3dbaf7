"""How long a training stays valid, by the rule of its day. Pure: today is an argument, months are calendar months."""

import calendar
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol, TypeVar

FIRST_DAY = date(1950, 1, 1)  # no training on record is older, so a rule from this day holds from the start
FAR = date(9999, 12, 31)


class HoldsFrom(Protocol):
    @property
    def holds_from(self) -> date: ...


R = TypeVar("R", bound=HoldsFrom)


def rule_on(rules: Iterable[R], day: date) -> R:
    """The rule of a day: the last that had begun to hold. Raises ValueError where none had."""
    begun = [rule for rule in rules if rule.holds_from <= day]
    if not begun:
        raise ValueError("no rule held on that day")
    return max(begun, key=lambda rule: rule.holds_from)


def months_later(day: date, months: int) -> date:
    """The same day some months on; the month's last day where it is shorter (31 January + 1 = 28 or 29 February)."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


@lru_cache(maxsize=50_000)  # a team completes its trainings on few days, and the matrix asks of each member
def lapses_on(completed_on: date, valid_months: int | None) -> date | None:
    """The first day on which it counts no longer; none when it is valid for good."""
    return None if valid_months is None else months_later(completed_on, valid_months)


def is_current(completed_on: date, valid_months: int | None, today: date) -> bool:
    """Whether a training completed on that day counts today."""
    lapse = lapses_on(completed_on, valid_months)
    return completed_on <= today and (lapse is None or today < lapse)


def last_lapse(completed: Iterable[tuple[date, int | None]], today: date) -> date | None:
    """When somebody stops being current: the latest lapse of what they have completed by today, FAR for "never".

    Each training comes with the months of its own rule, so the last one need not last longest. None: nothing completed.
    """
    last = None
    for day, months in completed:
        if day <= today:
            lapse = lapses_on(day, months) or FAR
            if last is None or lapse > last:
                last = lapse
    return last


def year_of(day: date, first_month: int) -> int:
    """The program's year that a day is in, named by the calendar year in which it starts."""
    return day.year if day.month >= first_month else day.year - 1


def starts_on(year: int, first_month: int) -> date:
    return date(year, first_month, 1)


def began_on(days: Sequence[date]) -> date | None:
    """The day somebody began to train, from the days of their records."""
    return min(days, default=None)
