"""Processes really killed at each step of a write or a closing; tests/races does the same on PostgreSQL."""

import pytest

from peersupport.program.models import ProgramSettings
from stats import actions
from tests.stats.killing import CLOSING, WRITING, assert_closing_survives, assert_writing_survives

from .on_disk import *  # noqa: F403

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]


@pytest.mark.parametrize("step", WRITING)
def test_a_year_stays_readable_when_a_write_is_killed(on_disk, step):
    actions.open_year(year=2020)
    assert_writing_survives(2020, step)


def test_neither_row_changes_when_a_write_is_killed_between_them(on_disk):
    ProgramSettings(pk=1, breakdown_years=2).save()
    actions.open_year(year=2020)
    assert_writing_survives(2020, "row written")


@pytest.mark.parametrize("step", CLOSING)
def test_a_year_is_open_or_closed_when_a_closing_is_killed(on_disk, step):
    actions.open_year(year=2020)
    assert_closing_survives(2020, step)
