"""A member's training hours: by program year, and toward the initial training. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from peersupport.core.dates import add_months, program_year_of, program_year_start

from .validity import began_on, rule_on

CompletedHours = Sequence[tuple[date, Decimal]]  # day and hours of each record


@dataclass(frozen=True)
class HoursRequirement:
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
    """Progress of the initial training, by the requirement of the day it began."""

    hours: Decimal
    required: Decimal
    due_on: date
    done_on: date | None

    @property
    def hours_left(self) -> Decimal:
        return max(Decimal(0), self.required - self.hours)

    def is_overdue(self, today: date) -> bool:
        return self.done_on is None and self.due_on < today


def hours_by_year(
    completed: CompletedHours, requirements: Sequence[HoursRequirement], first_month: int, today: date
) -> list[YearHours]:
    """From the current year back to the member's first. A year falls under the requirement of its first day.

    first_month: the calendar month (1 to 12) in which the program's year starts.
    """
    began = began_on([day for day, _ in completed])
    if began is None or began > today:
        return []
    totals: dict[int, Decimal] = defaultdict(Decimal)
    for day, hours in completed:
        totals[program_year_of(day, first_month)] += hours
    first = program_year_of(began, first_month)
    return [
        YearHours(
            year,
            totals[year],
            None if year == first else rule_on(requirements, program_year_start(year, first_month)).continuing_hours,
        )
        for year in range(program_year_of(today, first_month), first - 1, -1)
    ]


def initial_training(completed: CompletedHours, requirements: Sequence[HoursRequirement]) -> InitialTraining | None:
    """None for a member without any record. It is done on the day on which the required hours were reached."""
    began = began_on([day for day, _ in completed])
    if began is None:
        return None
    requirement, total, done_on = rule_on(requirements, began), Decimal(0), None
    for day, hours in sorted(completed):
        total += hours
        if done_on is None and total >= requirement.initial_hours:
            done_on = day
    return InitialTraining(total, requirement.initial_hours, add_months(began, requirement.initial_months), done_on)
