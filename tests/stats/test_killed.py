"""A process that is killed for real at each step of a write or a closing; races/ has the same on PostgreSQL."""

import pytest

from peersupport.program.models import ProgramSettings
from stats import actions
from tests.stats.killing import CLOSING, WRITING, assert_closing_survives, assert_writing_survives

from .on_disk import *  # noqa: F403

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]


@pytest.mark.parametrize("step", WRITING)
def test_a_write_that_is_killed_leaves_a_year_that_opens(on_disk, step):
    actions.open_year(year=2020)
    assert_writing_survives(2020, step)


def test_a_write_that_is_killed_between_its_two_rows_changes_neither(on_disk):
    ProgramSettings(pk=1, breakdown_years=2).save()
    actions.open_year(year=2020)
    assert_writing_survives(2020, "row written")


@pytest.mark.parametrize("step", CLOSING)
def test_a_closing_that_is_killed_leaves_a_year_that_opens_or_is_closed(on_disk, step):
    actions.open_year(year=2020)
    assert_closing_survives(2020, step)
