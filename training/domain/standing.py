"""A member's training standing: hours by year, the initial training, and what to train next. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .coverage import Standing, Status
from .validity import began_on, months_later, rule_on, starts_on, year_of

CompletedHours = Sequence[tuple[date, Decimal]]  # day and hours of each record


@dataclass(frozen=True)
class HoursRule:
    """What the program requires from a day on: initial hours within so many months, then hours in each later year."""

    applies_from: date
    initial_hours: Decimal
    initial_months: int
    continuing_hours: Decimal


@dataclass(frozen=True)
class YearHours:
    """One year's hours. required: None in the year in which the member began, which the initial training fills."""

    year: int
    hours: Decimal
    required: Decimal | None

    @property
    def hours_left(self) -> Decimal:
        return max(Decimal(0), (self.required or Decimal(0)) - self.hours)


@dataclass(frozen=True)
class InitialTraining:
    """Progress of the initial training, by the rule of the day it began."""

    hours: Decimal
    required: Decimal
    due_on: date
    done_on: date | None

    @property
    def hours_left(self) -> Decimal:
        return max(Decimal(0), self.required - self.hours)


def hours_by_year(
    completed: CompletedHours, rules: Sequence[HoursRule], first_month: int, today: date
) -> list[YearHours]:
    """From the current year back to the member's first. A year falls under the rule of its first day.

    first_month: the calendar month (1 to 12) in which the program's year starts.
    """
    began = began_on([day for day, _ in completed])
    if began is None or began > today:
        return []
    totals: dict[int, Decimal] = defaultdict(Decimal)
    for day, hours in completed:
        totals[year_of(day, first_month)] += hours
    first = year_of(began, first_month)
    return [
        YearHours(
            year, totals[year], None if year == first else rule_on(rules, starts_on(year, first_month)).continuing_hours
        )
        for year in range(year_of(today, first_month), first - 1, -1)
    ]


def initial_training(completed: CompletedHours, rules: Sequence[HoursRule]) -> InitialTraining | None:
    """None for a member without any record. It is done on the day on which the required hours were reached."""
    began = began_on([day for day, _ in completed])
    if began is None:
        return None
    rule, total, done_on = rule_on(rules, began), Decimal(0), None
    for day, hours in sorted(completed):
        total += hours
        if done_on is None and total >= rule.initial_hours:
            done_on = day
    return InitialTraining(total, rule.initial_hours, months_later(began, rule.initial_months), done_on)


def subjects_to_train(standings: Mapping[str, Standing]) -> list[tuple[str, Standing]]:
    """Code and standing of what to train next: lapsed, then expiring by their day, then never trained."""
    order = {Status.LAPSED: 0, Status.EXPIRING: 1, Status.MISSING: 2}
    urgent = [(code, standing) for code, standing in standings.items() if standing.status in order]
    return sorted(urgent, key=lambda item: (order[item[1].status], item[1].lapses_on or date.max))
