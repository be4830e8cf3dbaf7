from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peersupport.core.backoff import MAX_PAUSE, STEP, next_try

NOW = datetime(2031, 3, 4, 2, 7, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tries", "at"),
    [
        (1, datetime(2031, 3, 4, 2, 15, tzinfo=UTC)),
        (2, datetime(2031, 3, 4, 2, 20, tzinfo=UTC)),
        (3, datetime(2031, 3, 4, 2, 30, tzinfo=UTC)),
        (4, datetime(2031, 3, 4, 2, 50, tzinfo=UTC)),
        (5, datetime(2031, 3, 4, 3, 10, tzinfo=UTC)),
        (500, datetime(2031, 3, 4, 3, 10, tzinfo=UTC)),
    ],
)
def test_pauses_double_up_to_an_hour_in_whole_steps(tries, at):
    assert next_try(NOW, tries) == at


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    tries=st.integers(1, 32_000),
)
def test_a_pause_is_bounded_and_reveals_no_exact_time(now, tries):
    pause = next_try(now, tries) - now
    assert STEP <= pause < MAX_PAUSE + STEP
    assert (next_try(now, tries) - datetime(2000, 1, 1, tzinfo=UTC)) % STEP == timedelta(0)
