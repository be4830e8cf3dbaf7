"""When a year begins, ends, and may be closed. Pure: the first month and today are arguments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

GRACE_DAYS = 31  # in which the last days' contacts can still be counted toward their year
YEARS = range(2000, 2100)


@dataclass(frozen=True)
class Period:
    """The program's year that begins in `year`, on the first of `first_month` (1 to 12), and lasts `months`."""

    year: int
    first_month: int
    months: int = 12

    @property
    def starts_on(self) -> date:
        return date(self.year, self.first_month, 1)

    @property
    def ends_on(self) -> date:
        """Its last day."""
        years, month = divmod(self.first_month - 1 + self.months, 12)
        return date(self.year + years, month + 1, 1) - timedelta(days=1)

    @property
    def closes_on(self) -> date:
        """The day from which it is closed automatically."""
        return self.ends_on + timedelta(days=GRACE_DAYS + 1)

    @property
    def label(self) -> str:
        """As reports name it: "2026", or "2026-2027" if it runs past New Year."""
        return str(self.year) if self.ends_on.year == self.year else f"{self.year}-{self.ends_on.year}"

    def contains(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def following(self, first_month: int) -> "Period":
        """The year after this one, where years are to begin in `first_month` from now on.

        It lasts twelve months, or as many more (23 at most) as lead up to that month.
        """
        start = self.ends_on + timedelta(days=1)
        return Period(start.year, start.month, 12 + (first_month - start.month) % 12)

    def has_ended(self, today: date) -> bool:
        return today > self.ends_on

    def is_due_to_close(self, today: date) -> bool:
        return today >= self.closes_on


@dataclass(frozen=True)
class Span:
    """Years whose lists are counted together, the first of them beginning in `year`. Just one in most programs."""

    year: int
    years: int = 1

    @property
    def stop(self) -> int:
        """The first year after the span."""
        return self.year + self.years

    def contains(self, year: int) -> bool:
        return self.year <= year < self.stop

    def ends_with(self, period: Period) -> bool:
        """Whether this is the span's last year: the next one begins after the span, however long this one was."""
        return (period.ends_on + timedelta(days=1)).year >= self.stop

    def label(self, period: Period) -> str:
        """As reports name it: "2025 to 2026". `period` is any of its years; it may be longer than twelve months."""
        remaining = max(0, self.stop - (period.ends_on + timedelta(days=1)).year)
        return f"{self.year} to {period.ends_on.year + remaining}"


def span_containing(year: int, years: int, existing: Iterable[Span]) -> Span | None:
    """The span that `year` belongs to: an existing one, which never changes, or a new one of `years` years.

    None if a new span would run into an existing one.
    """
    spans = list(existing)
    span = next((each for each in spans if each.contains(year)), Span(year, years))
    return None if any(span.year < each.year < span.stop for each in spans) else span


def calendar_period(today: date, first_month: int) -> Period:
    """The year that a day belongs to in a program that has always begun its years in `first_month` (1 to 12)."""
    return Period(today.year if today.month >= first_month else today.year - 1, first_month)


def period_starting_in(year: int, first_month: int, existing: Iterable[Period]) -> Period | None:
    """The period that begins in `year`, or None if an existing one runs through it.

    Existing periods never move: a changed first month takes effect when the last one before `year` has ended.
    """
    periods = {period.year: period for period in existing}
    if year in periods:
        return periods[year]
    period = max((p for p in periods.values() if p.year < year), key=lambda p: p.year, default=None)
    if period is None:
        period = Period(year, first_month)
    while period.year < year:
        period = period.following(first_month)
    next_start = min((p.starts_on for p in periods.values() if p.year > year), default=date.max)
    return period if period.year == year and period.ends_on < next_start else None


def period_containing(today: date, first_month: int, existing: Iterable[Period]) -> Period:
    """The period that this day belongs to: an existing one, or one that follows from the last before it."""
    periods = sorted(existing, key=lambda period: period.year)
    period = next((each for each in periods if each.contains(today)), None)
    if period is not None:
        return period
    earlier = [each for each in periods if each.ends_on < today]
    if not earlier:
        return calendar_period(today, first_month)
    period = earlier[-1]
    while not period.contains(today):
        period = period.following(first_month)
    return period
