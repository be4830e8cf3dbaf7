"""Tallies and closings at the same moment: nothing is counted twice or lost, and a year closes once."""

import io
import logging

import pytest

from peersupport.sealing import keyring
from stats import actions, vault
from stats.domain.ledger import CONTACTS
from stats.models import StatsReport, StatsYear
from tests.races.racing import race
from tests.stats.conftest import report_of
from tests.stats.killing import CLOSING, WRITING, assert_closing_survives, assert_writing_survives

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = 2025


@pytest.fixture(autouse=True)
def after_the_year(time_machine):
    time_machine.move_to("2026-02-10 12:00:00 -06:00")


def contacts_counted():
    return vault.unseal(StatsYear.objects.get(year=YEAR)).by_counter()[CONTACTS]


def test_eight_tallies_at_once_all_count():
    actions.open_year(year=YEAR)
    before = contacts_counted()
    outcomes = race(actions.tally, *[{"year": YEAR}] * 8)
    assert [outcome.error for outcome in outcomes] == [None] * 8
    assert contacts_counted() == before + 8
    assert keyring.shred_ids() == [StatsYear.objects.get(year=YEAR).key_id]


def test_two_closings_at_once_release_one_report():
    actions.open_year(year=YEAR)
    outcomes = race(actions.close_year, {"year": YEAR}, {"year": YEAR})
    assert sorted(outcome.error or "closed" for outcome in outcomes) == ["Refused", "closed"]
    assert StatsReport.objects.filter(year=YEAR).count() == 1
    assert not StatsYear.objects.filter(year=YEAR).exists()
    assert keyring.shred_ids() == []


def test_a_tally_that_meets_a_closing_is_counted_or_refused():
    for _ in range(3):
        StatsReport.objects.all().delete()
        actions.open_year(year=YEAR)
        closing, *tallies = race(_close_or_tally, {"what": "close"}, *[{"what": "tally"}] * 4)
        assert closing.error is None
        assert {outcome.error for outcome in tallies} <= {None, "Refused"}
        assert report_of(YEAR)["rows"]
        assert keyring.shred_ids() == []


def test_years_are_open_or_closed_when_a_process_is_killed_at_any_step():
    for year, step in enumerate(WRITING, start=2010):
        actions.open_year(year=year)
        assert_writing_survives(year, step)
    for year, step in enumerate(CLOSING, start=2010):
        assert_closing_survives(year, step)


def _close_or_tally(what):
    if what == "close":
        actions.close_year(year=YEAR)
    else:
        actions.tally(year=YEAR)


def test_two_openings_at_once_open_one_year():
    outcomes = race(actions.open_year, {"year": YEAR}, {"year": YEAR})
    assert sorted(outcome.error or "opened" for outcome in outcomes) == ["Refused", "opened"]
    assert keyring.shred_ids() == [StatsYear.objects.get(year=YEAR).key_id]


def logged_by(act):
    """The errors that it logs."""
    said = io.StringIO()
    logging.getLogger("stats").addHandler(logging.StreamHandler(said))
    act()
    return said.getvalue()


def test_two_rounds_at_once_open_and_close_a_year_without_a_word():
    """As two beats start them."""
    actions.open_year(year=YEAR - 1)
    for act in (actions.open_current_year, actions.close_due_years, actions.reseal):
        outcomes = race(logged_by, *[{"act": act}] * 4)
        assert [(outcome.value, outcome.error) for outcome in outcomes] == [("", None)] * 4
    assert (StatsYear.objects.count(), StatsReport.objects.count()) == (1, 1)
