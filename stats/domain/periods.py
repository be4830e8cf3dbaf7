"""When a year begins, ends and may be closed. Pure: the first month and today are arguments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

GRACE_DAYS = 31  # in which a contact of the last days can still be counted to its year
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
        """The day from which the calendar closes it."""
        return self.ends_on + timedelta(days=GRACE_DAYS + 1)

    @property
    def label(self) -> str:
        """As reports name it: "2026", or "2026-2027" when it runs over New Year."""
        return str(self.year) if self.ends_on.year == self.year else f"{self.year}-{self.ends_on.year}"

    def holds(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def following(self, first_month: int) -> "Period":
        """The next year when years are to begin in `first_month`: twelve months, or as many more as it takes."""
        start = self.ends_on + timedelta(days=1)
        return Period(start.year, start.month, 12 + (first_month - start.month) % 12)

    def has_ended(self, today: date) -> bool:
        return today > self.ends_on

    def is_closed_by_the_calendar(self, today: date) -> bool:
        return today >= self.closes_on


@dataclass(frozen=True)
class Span:
    """Years whose lists are counted together, the first of them beginning in `year`. One, for most programs."""

    year: int
    years: int = 1

    @property
    def stop(self) -> int:
        """The first year after it."""
        return self.year + self.years

    def holds(self, year: int) -> bool:
        return self.year <= year < self.stop

    def is_over_with(self, period: Period) -> bool:
        """Whether this is its last year: the following one begins beyond it, however long this one was."""
        return (period.ends_on + timedelta(days=1)).year >= self.stop

    def label(self, period: Period) -> str:
        """As reports name it, told from one of its years: "2025 to 2026"."""
        to_come = max(0, self.stop - (period.ends_on + timedelta(days=1)).year)
        return f"{self.year} to {period.ends_on.year + to_come}"


def span_of(year: int, years: int, known: Iterable[Span]) -> Span | None:
    """The years whose lists are counted together with this one's, after those that are known already.

    Known spans never change. None where a new one of so many years would run into a known one.
    """
    spans = list(known)
    found = next((span for span in spans if span.holds(year)), Span(year, years))
    return None if any(found.year < span.year < found.stop for span in spans) else found


def period_of(today: date, first_month: int) -> Period:
    """The program's year that this day belongs to."""
    return Period(today.year if today.month >= first_month else today.year - 1, first_month)


def period_named(year: int, first_month: int, known: Iterable[Period]) -> Period | None:
    """The period that begins in `year`, after those that are known already. None where one of them lies across it.

    Known periods never move: a changed first month counts from the end of the last one before.
    """
    periods = {period.year: period for period in known}
    if year in periods:
        return periods[year]
    found = Period(year, first_month)
    before = max((p for p in periods.values() if p.year < year), key=lambda p: p.year, default=None)
    if before is not None:
        while before.year < year:
            before = before.following(first_month)
        found = before
    after = min((p.starts_on for p in periods.values() if p.year > year), default=date.max)
    return found if found.year == year and found.ends_on < after else None


def period_holding(today: date, first_month: int, known: Iterable[Period]) -> Period:
    """The period that this day belongs to, after those that are known already."""
    periods = sorted(known, key=lambda period: period.year)
    found = next((period for period in periods if period.holds(today)), None)
    if found is not None:
        return found
    before = [period for period in periods if period.ends_on < today]
    if not before:
        return period_of(today, first_month)
    following = before[-1]
    while not following.holds(today):
        following = following.following(first_month)
    return following
