"""How long a training stays valid, by the rule of its day. Pure: today is an argument. Months are calendar months."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol, TypeVar

from peersupport.core.dates import add_months

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


@lru_cache(maxsize=50_000)  # a team trains together on few days, and the matrix computes every member
def lapses_on(completed_on: date, valid_months: int | None) -> date | None:
    """The first day on which it no longer counts; None if it is valid for good."""
    return None if valid_months is None else add_months(completed_on, valid_months)


def is_current(completed_on: date, valid_months: int | None, today: date) -> bool:
    """Whether a training completed on that day counts today."""
    lapse = lapses_on(completed_on, valid_months)
    return completed_on <= today and (lapse is None or today < lapse)


def last_lapse(completed: Iterable[tuple[date, int | None]], today: date) -> date | None:
    """The day someone stops being current: the latest lapse of what they completed by today, or NEVER.

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


def began_on(days: Sequence[date]) -> date | None:
    """The day someone began to train, from the days of their records; None without any."""
    return min(days, default=None)
