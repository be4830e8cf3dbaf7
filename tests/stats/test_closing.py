"""Closing a year: when, by whom, and what is left of it."""

import pytest

from peersupport.program.models import ProgramSettings
from peersupport.program.vocabulary import VOCABULARIES
from peersupport.sealing import keyring
from stats import actions, queries
from stats.domain.disclosure import CUT
from stats.models import StatsReport, StatsYear
from tests.stats.conftest import audited, refusal, report_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("today", "by_a_person", "by_the_calendar"),
    [
        ("2025-06-15", "not_ended", "not_ended"),
        ("2025-12-31", "not_ended", "not_ended"),
        ("2026-01-01", "closed", "in_grace"),
        ("2026-01-31", "closed", "in_grace"),
        ("2026-02-01", "closed", "closed"),
    ],
)
def test_a_year_closes_on_time(year_2025, at, director, today, by_a_person, by_the_calendar):
    at(today)
    actions.close_due_years()
    assert StatsReport.objects.exists() is (by_the_calendar == "closed")
    if by_the_calendar != "closed":
        assert refusal(actions.close_year, year=2025) == by_the_calendar
        if by_a_person == "closed":
            actions.close_year(year=2025, by=director)
        else:
            assert refusal(actions.close_year, year=2025, by=director) == by_a_person
    assert StatsReport.objects.exists() is (by_a_person == "closed")


def test_closing_destroys_the_counters(year_2025, at, director, django_capture_on_commit_callbacks):
    row = StatsYear.objects.get()
    at("2026-01-01")
    with django_capture_on_commit_callbacks(execute=True):
        actions.close_year(year=2025, by=director)
    assert not StatsYear.objects.exists()
    assert keyring.is_destroyed(row.key_id)
    assert keyring.shred_ids() == []
    assert audited()[-1] == ("year_closed", "year:2025", director.pk)


def test_closing_twice_is_refused(year_2025, at):
    at("2026-02-01")
    actions.close_year(year=2025)
    report = queries.closed_year(year=2025).document
    assert refusal(actions.close_year, year=2025) == "closed"
    assert queries.closed_year(year=2025).document == report


def test_a_clock_set_back_closes_nothing(year_2025, at, director):
    actions.open_year(year=2026)
    at("2024-01-01")
    actions.close_due_years()
    assert refusal(actions.close_year, year=2025, by=director) == "not_ended"
    assert StatsYear.objects.count() == 2


def test_a_fiscal_year_closes_after_its_own_end(at, director):
    ProgramSettings(pk=1, year_starts_month=9).save()
    at("2026-08-31")
    actions.open_year(year=2025)
    assert refusal(actions.close_year, year=2025, by=director) == "not_ended"
    at("2026-09-01")
    actions.close_year(year=2025, by=director)
    assert report_of(2025)["period"] == "2025-2026"


def test_printed_bands_are_near_the_true_counts(year_2025, at):
    """With real noise, every band is as near to the true count as the footnote promises."""
    for i in range(60):
        actions.tally(
            year=2025,
            first_this_year=i % 2 == 0,
            codes={"concern": "grief", "mode": "phone" if i % 4 else "video", "feedback": "helped_again"},
        )
    at("2026-02-01")
    actions.close_year(year=2025)
    lo = {(row["vector"], row["code"]): row["lo"] for row in report_of(2025)["rows"]}
    truth = {("persons", "all"): 30, ("contacts", "all"): 60, ("concern", "grief"): 30, ("mode", "video"): 15}
    for cell, true in truth.items():
        # A total is never printed below the sum of its parts' bands; here two parts, each with noise of its own.
        above = 2 * CUT if cell[1] == "all" else CUT
        assert lo[cell] - above <= true <= lo[cell] + 9 + CUT
    for name, vector in VOCABULARIES.items():
        if name not in {"concern", "mode", "feedback"}:
            assert {lo[name, code] for code in vector.codes} == {0}
    assert lo["concern", "work"] == lo["feedback", "not_helped_again"] == 0
