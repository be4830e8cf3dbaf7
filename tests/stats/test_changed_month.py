"""A changed first month applies to later years: an open year keeps the one it began with."""

from datetime import date

import pytest

from peersupport.core.errors import Refused
from peersupport.program.models import ProgramSettings
from stats import actions, queries
from stats.models import StatsYear
from tests.stats.conftest import report_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(year_2025):
    """2025 was opened as a calendar year; then somebody chose September."""
    ProgramSettings(pk=1, year_starts_month=9).save()
    return year_2025


def test_an_open_year_keeps_its_months(changed, at):
    at("2025-10-15")
    assert queries.current_period(date(2025, 10, 15)).year == 2025
    actions.open_current_year()
    assert list(StatsYear.objects.values_list("year", "first_month", "months")) == [(2025, 1, 12)]
    assert not queries.open_year(2025, date(2025, 12, 31)).has_ended
    assert queries.open_year(2025, date(2026, 1, 1)).has_ended


def test_the_next_year_lasts_until_the_new_first_month(changed, at):
    at("2026-01-01")
    actions.open_current_year()
    year = StatsYear.objects.get(year=2026)
    assert (year.first_month, year.months) == (1, 20)
    at("2026-02-01")
    actions.close_due_years()
    assert [row.label for row in queries.published_years()] == []
    assert report_of(2025)["period"] == "2025"
    at("2027-08-31")
    with pytest.raises(Refused, match=r"2026-2027 hasn.t ended"):
        actions.close_year(year=2026)
    at("2027-09-01")
    actions.open_current_year()
    assert (StatsYear.objects.get(year=2027).first_month, StatsYear.objects.get(year=2027).months) == (9, 12)


def test_a_year_is_refused_if_another_runs_through_it(changed):
    with pytest.raises(Refused) as refused:
        actions.open_year(year=2024)
    assert refused.value.code == "no_such_year"


def test_a_december_contact_is_still_counted_to_its_year_in_january(year_2025, at):
    at("2026-01-31")
    actions.open_current_year()
    actions.tally(year=2025, first_this_year=True)
    at("2026-02-01")
    actions.close_due_years()
    with pytest.raises(Refused, match="2025 is already closed"):
        actions.tally(year=2025)
