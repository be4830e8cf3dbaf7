"""What one member has done and has to do: hours by year, the initial training, what comes next. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .coverage import Cell, Status
from .validity import began_on, months_later, rule_on, starts_on, year_of


@dataclass(frozen=True)
class Asked:
    """What is asked from a day on: hours of initial training, in how many months, and hours in each later year."""

    holds_from: date
    initial_hours: Decimal
    initial_months: int
    continuing_hours: Decimal


@dataclass(frozen=True)
class Year:
    """One year's hours. asked: none in the year in which the member began, which the initial training fills."""

    year: int
    hours: Decimal
    asked: Decimal | None

    @property
    def lacks(self) -> Decimal:
        return max(Decimal(0), (self.asked or Decimal(0)) - self.hours)


@dataclass(frozen=True)
class Initial:
    """The initial training, by the rule of the day it began."""

    hours: Decimal
    asked: Decimal
    due_on: date
    done_on: date | None

    @property
    def lacks(self) -> Decimal:
        return max(Decimal(0), self.asked - self.hours)


def years(done: Sequence[tuple[date, Decimal]], rules: Sequence[Asked], first_month: int, today: date) -> list[Year]:
    """From the member's first year to the current one, the newest first. A year falls under its first day's rule."""
    began = began_on([day for day, _ in done])
    if began is None or began > today:
        return []
    hours: dict[int, Decimal] = defaultdict(Decimal)
    for day, spent in done:
        hours[year_of(day, first_month)] += spent
    first = year_of(began, first_month)
    return [
        Year(
            year, hours[year], None if year == first else rule_on(rules, starts_on(year, first_month)).continuing_hours
        )
        for year in range(year_of(today, first_month), first - 1, -1)
    ]


def initial(done: Sequence[tuple[date, Decimal]], rules: Sequence[Asked]) -> Initial | None:
    """None for somebody who has not begun. Done on the day on which the hours asked for were reached."""
    began = began_on([day for day, _ in done])
    if began is None:
        return None
    rule, total, done_on = rule_on(rules, began), Decimal(0), None
    for day, spent in sorted(done):
        total += spent
        if done_on is None and total >= rule.initial_hours:
            done_on = day
    return Initial(total, rule.initial_hours, months_later(began, rule.initial_months), done_on)


def next_steps(cells: Mapping[str, Cell]) -> list[tuple[str, Cell]]:
    """The subjects to train next: lapsed, then those that lapse soon by their day, then those never trained."""
    order = {Status.LAPSED: 0, Status.EXPIRING: 1, Status.MISSING: 2}
    urgent = [(code, one) for code, one in cells.items() if one.status in order]
    return sorted(urgent, key=lambda each: (order[each[1].status], each[1].lapses_on or date.max))
