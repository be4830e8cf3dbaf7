"""An agency under 100 employees: totals each year, the lists counted over two or three years together."""

import pytest

from peersupport.program.models import ProgramSettings
from peersupport.sealing import keyring
from peersupport.sealing.actions import destroy_condemned
from stats import actions, queries, vault
from stats.domain.ledger import COUNTERS, SIZE
from stats.models import StatsBreakdown, StatsYear
from tests.stats.conftest import (
    close_years,
    counters_of,
    lists_counted_from,
    refusal,
    report_of,
    start_at_zero,
    tally_often,
)

pytestmark = pytest.mark.django_db
GRIEF = {"concern": "grief", "mode": "phone", "feedback": "helped_again"}


# Counting


def test_a_tally_adds_totals_to_the_year_and_codes_to_the_breakdown(small_from_zero, at):
    actions.tally(year=2025, first_this_year=True, codes=GRIEF)
    actions.tally_group(year=2025, code="defusing")
    at("2026-01-05")
    actions.open_current_year()
    start_at_zero(2026)
    actions.count_feedback(year=2026, code="helped_again")
    actions.tally(year=2026)
    assert counters_of(2025) == {"persons:all": 1, "contacts:all": 1}
    assert counters_of(2026) == {"contacts:all": 1}
    assert lists_counted_from(2025) == {
        "concern:grief": 1,
        "mode:phone": 1,
        "feedback:helped_again": 2,
        "group:defusing": 1,
    }


@pytest.mark.parametrize("write", [lambda: actions.tally(year=2025), actions.reseal], ids=["tally", "night"])
def test_every_write_uses_new_keys_for_both_rows_and_keeps_their_size(small, write, django_capture_on_commit_callbacks):
    before = {StatsYear.objects.get().key_id, StatsBreakdown.objects.get().key_id}
    with django_capture_on_commit_callbacks(execute=True):
        write()
    rows = [StatsYear.objects.get(), StatsBreakdown.objects.get()]
    assert [len(row.blob) for row in rows] == [SIZE + 33] * 2
    assert sorted(row.key_id for row in rows) == keyring.shred_ids()
    assert before.isdisjoint(keyring.shred_ids())


def test_a_refused_write_changes_neither_row(small):
    keyring.destroy(StatsBreakdown.objects.get().key_id)
    before = StatsYear.objects.values().get(), StatsBreakdown.objects.values().get(), keyring.shred_ids()
    assert refusal(actions.tally, year=2025) == "key_missing"
    assert (StatsYear.objects.values().get(), StatsBreakdown.objects.values().get(), keyring.shred_ids()) == before
    assert {year: problem.code for year, problem in queries.problems_by_year().items()} == {2025: "key_missing"}


# A breakdown is fixed when it begins


def spans():
    return sorted((row.year, row.years) for row in StatsBreakdown.objects.all())


@pytest.mark.parametrize("setting", [1, 3])
def test_a_changed_setting_waits_for_the_end_of_the_open_breakdown(small, at, setting):
    ProgramSettings.objects.update(breakdown_years=setting)
    close_years(at, 2025)
    assert spans() == [(2025, 2)]
    close_years(at, 2026)
    assert spans() == ([] if setting == 1 else [(2027, 3)])
    assert StatsYear.objects.get(year=2027).span.years == setting


def test_a_year_opened_without_a_breakdown_stays_without(year_2025, at):
    ProgramSettings.objects.update_or_create(pk=1, defaults={"breakdown_years": 2})
    close_years(at, 2025)
    assert "breakdown" not in report_of(2025)
    assert spans() == [(2026, 2)]


@pytest.mark.parametrize(("year", "code"), [(2024, "no_such_year"), (2025, "already_open")])
def test_years_counted_already_are_not_opened_again(small, year, code):
    keys = keyring.shred_ids()
    assert refusal(actions.open_year, year=year) == code
    assert keyring.shred_ids() == keys and spans() == [(2025, 2)]


def test_a_breakdown_of_fiscal_years_ends_with_the_last_of_them(at):
    ProgramSettings(pk=1, breakdown_years=2, year_starts_month=9).save()
    at("2025-09-01")
    actions.open_current_year()
    at("2026-09-01")
    actions.open_current_year()
    at("2027-10-15")
    actions.close_due_years()
    assert [closed.report.breakdown.period for closed in queries.closed_years()] == ["2025 to 2027"] * 2
    assert report_of(2026)["breakdown"]["rows"]


# Closing


def test_the_lists_are_released_with_the_last_year(small_from_zero, at):
    tally_often(2025, 12, concern="grief")
    at("2026-01-20")
    actions.open_year(year=2026)
    start_at_zero(2026)
    tally_often(2026, 11, concern="grief", mode="phone")
    close_years(at, 2025)
    report = report_of(2025)
    breakdown = {"period": "2025 to 2026", "first_year": 2025, "years": 2}
    assert report["breakdown"] == breakdown | {"rows": []}
    assert [(row["vector"], row["lo"]) for row in report["rows"]] == [("persons", 10), ("contacts", 10)]
    key_id = StatsBreakdown.objects.get().key_id
    close_years(at, 2026)
    destroy_condemned()
    report = report_of(2026)
    assert {k: v for k, v in report["breakdown"].items() if k != "rows"} == breakdown
    lists = {(row["vector"], row["code"]): row["lo"] for row in report["breakdown"]["rows"]}
    assert list(lists) == list(COUNTERS[2:])
    assert {cell: lo for cell, lo in lists.items() if lo} == {("concern", "grief"): 20, ("mode", "phone"): 10}
    assert keyring.is_destroyed(key_id)
    assert spans() == [(2027, 2)]


def test_the_last_year_cannot_close_before_the_others(small, at, director):
    at("2027-02-01")
    actions.open_year(year=2026)
    assert refusal(actions.close_year, year=2026, by=director) == "earlier_open"
    assert StatsBreakdown.objects.filter(year=2025).exists()
    actions.close_due_years()
    assert [closed.year for closed in queries.closed_years()] == [2026, 2025]


def test_a_lost_year_is_not_reopened_once_its_lists_are_released(small, at):
    at("2027-02-01")
    actions.open_year(year=2026)
    StatsYear.objects.filter(year=2025).delete()
    actions.close_year(year=2026)
    assert refusal(actions.open_year, year=2025) == "closed"
    assert spans() == []


def test_after_a_total_loss_the_same_years_continue_as_partial(small, at):
    close_years(at, 2025)
    StatsYear.objects.all().delete()
    StatsBreakdown.objects.all().delete()
    ProgramSettings.objects.update(breakdown_years=3)
    at("2026-07-01")
    actions.open_current_year()
    close_years(at, 2026)
    report = report_of(2026)
    assert (report["period"], report["breakdown"]["period"]) == ("2026 (partial year)", "2025 to 2026 (partial)")


def test_a_year_opened_late_makes_its_breakdown_partial(small, at):
    at("2026-03-01")
    actions.open_current_year()
    assert vault.unseal(StatsBreakdown.objects.get()).is_partial


def test_a_lost_breakdown_is_restarted_without_its_year(small_from_zero, at, director):
    tally_often(2025, 10)
    keyring.destroy(StatsBreakdown.objects.get().key_id)
    actions.restart_year(year=2025, by=director)
    assert queries.problems_by_year() == {}
    assert counters_of(2025) == {"persons:all": 10, "contacts:all": 10}
    assert vault.unseal(StatsBreakdown.objects.get()).is_partial
    assert not vault.unseal(StatsYear.objects.get()).is_partial
