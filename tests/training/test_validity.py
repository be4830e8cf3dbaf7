from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain.validity import is_current, lapses_on

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("today", "current"),
    [
        (date(2024, 5, 9), False),  # the day before the training
        (date(2024, 5, 10), True),
        (date(2026, 5, 9), True),
        (date(2026, 5, 10), False),  # the day it lapses
    ],
)
def test_training_counts_from_its_day_to_the_day_before_the_lapse(today, current):
    assert is_current(date(2024, 5, 10), 24, today) is current


def test_unlimited_validity_never_lapses():
    assert lapses_on(date(1999, 1, 1), None) is None
    assert is_current(date(1999, 1, 1), None, date(2090, 1, 1))


@given(DAYS, st.integers(1, 60))
def test_last_day_before_the_lapse_is_current_and_the_lapse_is_not(completed_on, months):
    lapse = lapses_on(completed_on, months)
    assert is_current(completed_on, months, lapse - timedelta(days=1))
    assert not is_current(completed_on, months, lapse)
    assert lapse.day == completed_on.day or (lapse.day < completed_on.day and (lapse + timedelta(days=1)).day == 1)


@given(DAYS, DAYS, st.integers(1, 60))
def test_later_training_never_lapses_earlier(one, other, months):
    assert (lapses_on(max(one, other), months) or one) >= (lapses_on(min(one, other), months) or one)
