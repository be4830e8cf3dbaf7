"""How long a training stays valid, by the rule of its day. Pure: today is an argument. Months are calendar months."""

import calendar
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol, TypeVar

FIRST_DAY = date(1950, 1, 1)  # no training on record is older, so a rule from this day applies from the start
NEVER = date(9999, 12, 31)  # the lapse of what is valid for good


class AppliesFrom(Protocol):
    @property
    def applies_from(self) -> date: ...


R = TypeVar("R", bound=AppliesFrom)


def rule_on(rules: Iterable[R], day: date) -> R:
    """The rule of a day: the latest that applied by then. Raises ValueError if none did."""
    applicable = [rule for rule in rules if rule.applies_from <= day]
    if not applicable:
        raise ValueError("no rule applied on that day")
    return max(applicable, key=lambda rule: rule.applies_from)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day if it is shorter (31 January + 1 = 28 or 29 February)."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


@lru_cache(maxsize=50_000)  # a team trains together on few days, and the matrix computes every member
def lapses_on(completed_on: date, valid_months: int | None) -> date | None:
    """The first day on which it no longer counts; None if it is valid for good."""
    return None if valid_months is None else months_later(completed_on, valid_months)


def is_current(completed_on: date, valid_months: int | None, today: date) -> bool:
    """Whether a training completed on that day counts today."""
    lapse = lapses_on(completed_on, valid_months)
    return completed_on <= today and (lapse is None or today < lapse)


def last_lapse(completed: Iterable[tuple[date, int | None]], today: date) -> date | None:
    """The day somebody stops being current: the latest lapse of what they completed by today, or NEVER.

    completed: days, each with the months of its own rule (None: for good), so the latest need not last longest.
    None if nothing was completed by today.
    """
    last = None
    for day, months in completed:
        if day <= today:
            lapse = lapses_on(day, months) or NEVER
            if last is None or lapse > last:
                last = lapse
    return last


def year_of(day: date, first_month: int) -> int:
    """The program year of a day, named after the calendar year in which it starts. first_month: 1 to 12."""
    return day.year if day.month >= first_month else day.year - 1


def starts_on(year: int, first_month: int) -> date:
    """The first day of a program year."""
    """The first day of a program year."""
    return date(year, first_month, 1)


def began_on(days: Sequence[date]) -> date | None:
    """The day somebody began to train, from the days of their records; None without any."""
    return min(days, default=None)
