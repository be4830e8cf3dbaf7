"""When a child that ended is started again."""

import pytest

from operations.serve.domain.restarts import Restarts, pause_seconds


@pytest.mark.parametrize(
    ("ends", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60), (5000, 60)]
)
def test_the_pause_doubles_up_to_a_minute(ends, seconds):
    assert pause_seconds(ends) == seconds


def test_a_new_child_is_due_at_once():
    assert Restarts().is_due(0.0)


def test_a_running_child_is_never_due():
    assert not Restarts().started(10.0).is_due(1000.0)


def test_a_child_that_ended_is_due_after_its_pause():
    ended = Restarts().started(10.0).ended(11.0)
    assert not ended.is_due(11.9)
    assert ended.is_due(12.0)


@pytest.mark.parametrize(("ran_seconds", "pause"), [(59.9, 4), (60.0, 1)])
def test_who_ran_for_a_minute_begins_anew(ran_seconds, pause):
    ended = Restarts(ends=2).started(100.0).ended(100.0 + ran_seconds)
    assert ended.start_at - (100.0 + ran_seconds) == pytest.approx(pause)
