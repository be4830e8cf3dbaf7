from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.domain.periods import Period, calendar_period, period_containing, period_starting_in


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
    period = calendar_period(today, first_month)
    assert (period.year, period.label, period.starts_on, period.ends_on) == (year, label, starts_on, ends_on)


@pytest.mark.parametrize(
    ("today", "has_ended", "is_due"),
    [
        (date(2025, 12, 31), False, False),
        (date(2026, 1, 1), True, False),
        (date(2026, 1, 31), True, False),
        (date(2026, 2, 1), True, True),
    ],
)
def test_grace_is_31_days_after_the_end(today, has_ended, is_due):
    period = Period(2025, 1)
    assert (period.has_ended(today), period.is_due_to_close(today)) == (has_ended, is_due)


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)), st.integers(1, 12))
def test_every_day_lies_in_exactly_one_year(today, first_month):
    period = calendar_period(today, first_month)
    assert period.starts_on <= today <= period.ends_on
    assert calendar_period(period.ends_on + timedelta(days=1), first_month) == Period(period.year + 1, first_month)


# A changed first month: existing periods do not move, and every day is in exactly one year


@pytest.mark.parametrize(
    ("last", "first_month", "following"),
    [
        (Period(2026, 1), 1, Period(2027, 1)),
        (Period(2026, 1), 9, Period(2027, 1, 20)),  # January 2027 to August 2028
        (Period(2026, 9), 1, Period(2027, 9, 16)),  # September 2027 to December 2028
        (Period(2027, 1, 20), 9, Period(2028, 9)),
    ],
)
def test_after_a_changed_month_one_year_is_longer(last, first_month, following):
    period = last.following(first_month)
    assert period == following
    assert period.starts_on == last.ends_on + timedelta(days=1)
    assert period.following(first_month).first_month == first_month


@given(
    first=st.integers(1, 12),
    changes=st.lists(st.integers(1, 12), min_size=1, max_size=6),
    day=st.integers(0, 2000),
)
def test_every_day_lies_in_one_year_whatever_is_changed(first, changes, day):
    existing = [Period(2026, first)]
    for month in changes:
        existing.append(existing[-1].following(month))
    today = date(2026, first, 1) + timedelta(days=day)
    containing = [period for period in existing if period.contains(today)]
    assert period_containing(today, changes[-1], existing).contains(today)
    assert len(containing) == (today <= existing[-1].ends_on)
    assert len({period.year for period in existing}) == len(existing)


@pytest.mark.parametrize(
    ("year", "first_month", "existing", "period"),
    [
        (2026, 9, [], Period(2026, 9)),
        (2026, 9, [Period(2026, 1)], Period(2026, 1)),
        (2027, 9, [Period(2026, 1)], Period(2027, 1, 20)),
        (2028, 1, [Period(2026, 9)], None),  # September 2027 to December 2028 runs through it
        (2025, 9, [Period(2026, 1)], None),  # it would run into the existing year
        (2025, 1, [Period(2026, 1)], Period(2025, 1)),
        (2030, 1, [Period(2026, 1)], Period(2030, 1)),
    ],
)
def test_the_period_that_starts_in_a_year(year, first_month, existing, period):
    assert period_starting_in(year, first_month, existing) == period
