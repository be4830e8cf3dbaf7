from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.coverage import Status, matrix, status
from training.validity import months_later

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("completed_on", "valid_months", "expected"),
    [
        (None, 24, Status.MISSING),
        (None, None, Status.MISSING),
        (TODAY + timedelta(days=1), 24, Status.MISSING),
        (TODAY, 24, Status.CURRENT),
        (TODAY, None, Status.CURRENT),
        (date(2000, 1, 1), None, Status.CURRENT),
        (date(2024, 6, 1), 24, Status.CURRENT),  # lapses in 62 days
        (date(2024, 5, 30), 24, Status.EXPIRING),  # in 60
        (date(2024, 4, 1), 24, Status.EXPIRING),  # tomorrow
        (date(2024, 3, 31), 24, Status.LAPSED),  # today
        (date(2020, 1, 1), 24, Status.LAPSED),
        (TODAY, 1, Status.EXPIRING),
    ],
)
def test_status(completed_on, valid_months, expected):
    assert status(completed_on, valid_months, TODAY) == expected


def slow_status(completed_on, valid_months):
    """Day by day, as one would with a paper calendar."""
    if completed_on is None or completed_on > TODAY:
        return "missing"
    if valid_months is None:
        return "current"
    end = months_later(completed_on, valid_months)
    for days in range(61):
        if TODAY + timedelta(days=days) == end or (days == 0 and end <= TODAY):
            return "lapsed" if days == 0 else "expiring"
    return "current"


@given(
    st.dictionaries(st.sampled_from("abcd"), st.none() | st.integers(1, 36)),
    st.dictionaries(
        st.tuples(st.integers(1, 5), st.sampled_from("abcde")), st.dates(date(2022, 1, 1), date(2026, 12, 31))
    ),
)
def test_matrix_agrees_with_a_slow_calculation(subjects, completed):
    table = matrix(range(1, 6), subjects, completed, TODAY)
    assert table == {
        member: {code: slow_status(completed.get((member, code)), months) for code, months in subjects.items()}
        for member in range(1, 6)
    }
