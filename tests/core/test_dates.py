from datetime import date

import pytest

from peersupport.core.dates import add_months, add_years, program_year_of, program_year_start


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 3, 31), 1, date(2025, 4, 30)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 12, 31), 24, date(2027, 12, 31)),
    ],
)
def test_months_are_calendar_months(day, months, later):
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        (date(2026, 1, 15), 3, date(2029, 1, 15)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
    ],
)
def test_years_are_calendar_years(day: date, years: int, later: date) -> None:
    assert add_years(day, years) == later


@pytest.mark.parametrize(
    ("day", "first_month", "year", "start"),
    [
        (date(2026, 1, 1), 1, 2026, date(2026, 1, 1)),
        (date(2026, 12, 31), 1, 2026, date(2026, 1, 1)),
        (date(2026, 8, 31), 9, 2025, date(2025, 9, 1)),
        (date(2026, 9, 1), 9, 2026, date(2026, 9, 1)),
    ],
)
def test_program_year_begins_in_its_first_month(day, first_month, year, start):
    assert program_year_of(day, first_month) == year
    assert program_year_start(year, first_month) == start
