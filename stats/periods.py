"""When a year begins, ends and may be closed. Pure: the first month and today are arguments."""

from dataclasses import dataclass
from datetime import date, timedelta

GRACE_DAYS = 31  # in which a contact of the last days can still be counted to its year
YEARS = range(2000, 2100)


@dataclass(frozen=True)
class Period:
    """The program's year that begins in `year`, on the first of `first_month` (1 to 12)."""

    year: int
    first_month: int

    @property
    def starts_on(self) -> date:
        return date(self.year, self.first_month, 1)

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return date(self.year + 1, self.first_month, 1) - timedelta(days=1)

    @property
    def closes_on(self) -> date:
        """The day from which the calendar closes it."""
        return self.ends_on + timedelta(days=GRACE_DAYS + 1)

    @property
    def label(self) -> str:
        """As reports name it: "2026", or "2026-2027" when it runs over New Year."""
        return str(self.year) if self.first_month == 1 else f"{self.year}-{self.year + 1}"

    def has_ended(self, today: date) -> bool:
        return today > self.ends_on

    def is_closed_by_the_calendar(self, today: date) -> bool:
        return today >= self.closes_on


def period_of(today: date, first_month: int) -> Period:
    """The program's year that this day belongs to."""
    return Period(today.year if today.month >= first_month else today.year - 1, first_month)
