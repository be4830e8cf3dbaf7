"""What a line in the log may tell of when an officer did something: the half hour, and never sooner than it is over."""

import pytest

from operations.serve.domain.held_back import HeldBack

HALF_HOUR = 1800
NINE = 9 * 3600
FAILED = {"message": "a page failed", "time": "2026-03-01T09:00:12+00:00"}
SAID = {"message": "a page failed"}


@pytest.mark.parametrize("at", [NINE, NINE + 0.2, NINE + 1799.9])
def test_line_is_written_when_its_half_hour_is_over_and_not_before(at):
    held_back = HeldBack(HALF_HOUR)
    held_back.add(FAILED, at=at)
    for too_soon in (at, NINE + 1799.9):
        assert held_back.take_over(too_soon) == []
    assert held_back.take_over(NINE + HALF_HOUR) == [(NINE, NINE + HALF_HOUR, {**SAID, "times": 1})]
    assert held_back.take_over(NINE + HALF_HOUR) == []


def test_same_lines_are_one_line_without_order_and_each_half_hour_has_its_own():
    held_back = HeldBack(HALF_HOUR)
    for message, at in (("z", NINE + 1), ("a", NINE + 2), ("z", NINE + 3), ("z", NINE + HALF_HOUR)):
        held_back.add({"message": message}, at=at)
    assert held_back.take_over(NINE + HALF_HOUR + 1) == [
        (NINE, NINE + HALF_HOUR, {"message": "a", "times": 1}),
        (NINE, NINE + HALF_HOUR, {"message": "z", "times": 2}),
    ]


def test_at_the_end_everything_is_written_and_nothing_has_a_time_to_come():
    held_back = HeldBack(HALF_HOUR)
    held_back.add(FAILED, at=NINE - 1)
    held_back.add(FAILED, at=NINE + 1)
    assert held_back.take_all(NINE + 2) == [
        (NINE - HALF_HOUR, NINE, {**SAID, "times": 1}),
        (NINE, NINE, {**SAID, "times": 1}),
    ]
    assert held_back.take_all(NINE + 2) == []
