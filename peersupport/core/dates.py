"""Calendar arithmetic: months, years, and the program's year. Pure: every day is an argument."""

import calendar
from datetime import date


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day if it is shorter (January 31 + 1 = February 28 or 29)."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


def add_years(day: date, years: int) -> date:
    """The same day some years later; February 29 becomes February 28 in a year without it."""
    return add_months(day, 12 * years)


def program_year_of(day: date, first_month: int) -> int:
    """The program year of a day, named after the calendar year in which it starts. first_month: 1 to 12."""
    return day.year if day.month >= first_month else day.year - 1


def program_year_start(year: int, first_month: int) -> date:
    """The first day of a program year."""
    return date(year, first_month, 1)
