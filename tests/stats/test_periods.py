from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.periods import Period, period_of


@pytest.mark.parametrize(
    ("today", "first_month", "year", "label", "starts_on", "ends_on"),
    [
        (date(2026, 1, 1), 1, 2026, "2026", date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), 1, 2026, "2026", date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 8, 31), 9, 2025, "2025-2026", date(2025, 9, 1), date(2026, 8, 31)),
        (date(2026, 9, 1), 9, 2026, "2026-2027", date(2026, 9, 1), date(2027, 8, 31)),
        (date(2024, 2, 29), 3, 2023, "2023-2024", date(2023, 3, 1), date(2024, 2, 29)),
    ],
)
def test_period_of_a_day(today, first_month, year, label, starts_on, ends_on):
    period = period_of(today, first_month)
    assert (period.year, period.label, period.starts_on, period.ends_on) == (year, label, starts_on, ends_on)


@pytest.mark.parametrize(
    ("today", "has_ended", "by_the_calendar"),
    [
        (date(2025, 12, 31), False, False),
        (date(2026, 1, 1), True, False),
        (date(2026, 1, 31), True, False),
        (date(2026, 2, 1), True, True),
    ],
)
def test_grace_is_31_days_after_the_end(today, has_ended, by_the_calendar):
    period = Period(2025, 1)
    assert (period.has_ended(today), period.is_closed_by_the_calendar(today)) == (has_ended, by_the_calendar)


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)), st.integers(1, 12))
def test_every_day_lies_in_exactly_one_year(today, first_month):
    period = period_of(today, first_month)
    assert period.starts_on <= today <= period.ends_on
    assert period_of(period.ends_on + timedelta(days=1), first_month) == Period(period.year + 1, first_month)
