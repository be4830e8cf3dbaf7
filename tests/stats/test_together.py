"""An agency under 100 employees: people and contacts each year, the lists over two or three years together."""

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from peersupport.core.errors import Refused
from peersupport.program import vocabulary
from peersupport.program.models import ProgramSettings
from peersupport.sealing import keyring
from peersupport.sealing.actions import destroy_condemned
from stats import actions, queries, vault
from stats.documents import exports, files, readback
from stats.domain import attacks, simulations
from stats.domain.disclosure import release_lists, release_totals
from stats.domain.ledger import CONTACTS, COUNTERS, PERSONS, SIZE, TOTALS
from stats.models import StatsBreakdown, StatsReport, StatsYear
from stats.presenters.charts import side_by_side
from tests.stats.bits import CountedBits
from tests.stats.conftest import counters_of, start_at_zero

pytestmark = pytest.mark.django_db
GRIEF = {"concern": "grief", "mode": "phone", "feedback": "helped_again"}


@pytest.fixture
def small(db, at):
    """Two years together, 2025 and 2026; it is June 2025."""
    ProgramSettings(pk=1, breakdown_years=2).save()
    at("2025-06-15")
    actions.open_year(year=2025)


@pytest.fixture
def small_from_zero(small):
    start_at_zero(2025)


def lists_of(year):
    values = vault.unseal(StatsBreakdown.objects.get(year=year)).by_counter()
    return {f"{c.vector}:{c.code}": value for c, value in values.items() if value}


def refusal(action, **arguments):
    with pytest.raises(Refused) as refused:
        action(**arguments)
    return refused.value.code


def close(at, *years):
    for year in years:
        at(f"{year + 1}-02-01")
        if not StatsYear.objects.filter(year=year + 1).exists():
            actions.open_year(year=year + 1)
        actions.close_year(year=year)


def tallied(year, times, **codes):
    for _ in range(times):
        actions.tally(year=year, first_this_year=True, codes=codes)


# Counting


def test_a_tally_adds_its_totals_to_the_year_and_its_codes_to_the_years_together(small_from_zero, at):
    actions.tally(year=2025, first_this_year=True, codes=GRIEF)
    actions.tally_group(year=2025, code="defusing")
    at("2026-01-05")
    actions.open_current_year()
    start_at_zero(2026)
    actions.count_feedback(year=2026, code="helped_again")
    actions.tally(year=2026)
    assert counters_of(2025) == {"persons:all": 1, "contacts:all": 1}
    assert counters_of(2026) == {"contacts:all": 1}
    assert lists_of(2025) == {"concern:grief": 1, "mode:phone": 1, "feedback:helped_again": 2, "group:defusing": 1}


@pytest.mark.parametrize("write", [lambda: actions.tally(year=2025), actions.reseal], ids=["tally", "night"])
def test_every_write_takes_new_keys_for_both_and_keeps_their_size(small, write, django_capture_on_commit_callbacks):
    before = {StatsYear.objects.get().key_id, StatsBreakdown.objects.get().key_id}
    with django_capture_on_commit_callbacks(execute=True):
        write()
    rows = [StatsYear.objects.get(), StatsBreakdown.objects.get()]
    assert [len(row.blob) for row in rows] == [SIZE + 32] * 2
    assert sorted(row.key_id for row in rows) == keyring.shred_ids()
    assert before.isdisjoint(keyring.shred_ids())


def test_what_is_refused_or_rolled_back_changes_neither(small):
    keyring.destroy(StatsBreakdown.objects.get().key_id)
    before = StatsYear.objects.values().get(), StatsBreakdown.objects.values().get(), keyring.shred_ids()
    assert refusal(actions.tally, year=2025) == "key_missing"
    assert (StatsYear.objects.values().get(), StatsBreakdown.objects.values().get(), keyring.shred_ids()) == before
    assert {year: alarm.code for year, alarm in queries.alarms().items()} == {2025: "key_missing"}


# What is counted together is fixed when it begins


def spans():
    return sorted((row.year, row.years) for row in StatsBreakdown.objects.all())


@pytest.mark.parametrize("setting", [1, 3])
def test_a_changed_setting_waits_for_the_end_of_what_has_begun(small, at, setting):
    ProgramSettings.objects.update(breakdown_years=setting)
    close(at, 2025)
    assert spans() == [(2025, 2)]
    close(at, 2026)
    assert spans() == ([] if setting == 1 else [(2027, 3)])
    assert StatsYear.objects.get(year=2027).span.years == setting


def test_a_year_that_has_begun_by_itself_stays_by_itself(year_2025, at):
    ProgramSettings.objects.update_or_create(pk=1, defaults={"breakdown_years": 2})
    close(at, 2025)
    assert "breakdown" not in queries.report(year=2025)
    assert spans() == [(2026, 2)]


@pytest.mark.parametrize(("year", "code"), [(2024, "no_such_year"), (2025, "already_open")])
def test_years_that_are_counted_already_are_not_counted_together_again(small, year, code):
    keys = keyring.shred_ids()
    assert refusal(actions.open_year, year=year) == code
    assert keyring.shred_ids() == keys and spans() == [(2025, 2)]


def test_fiscal_years_end_together_where_the_last_one_ends(at):
    ProgramSettings(pk=1, breakdown_years=2, year_starts_month=9).save()
    at("2025-09-01")
    actions.open_current_year()
    at("2026-09-01")
    actions.open_current_year()
    at("2027-10-15")
    actions.close_due_years()
    assert [r["breakdown"]["period"] for r in queries.reports()] == ["2025 to 2027"] * 2
    assert queries.report(year=2026)["breakdown"]["rows"]


# Closing


def test_the_lists_come_with_the_last_of_the_years(small_from_zero, at):
    tallied(2025, 12, concern="grief")
    at("2026-01-20")
    actions.open_year(year=2026)
    start_at_zero(2026)
    tallied(2026, 11, concern="grief", mode="phone")
    close(at, 2025)
    report = queries.report(year=2025)
    together = {"period": "2025 to 2026", "first_year": 2025, "years": 2}
    assert report["breakdown"] == together | {"rows": []}
    assert [(row["vector"], row["lo"]) for row in report["rows"]] == [("persons", 10), ("contacts", 10)]
    key_id = StatsBreakdown.objects.get().key_id
    close(at, 2026)
    destroy_condemned()
    report = queries.report(year=2026)
    assert {k: v for k, v in report["breakdown"].items() if k != "rows"} == together
    lists = {(row["vector"], row["code"]): row["lo"] for row in report["breakdown"]["rows"]}
    assert list(lists) == list(COUNTERS[2:])
    assert {cell: lo for cell, lo in lists.items() if lo} == {("concern", "grief"): 20, ("mode", "phone"): 10}
    assert keyring.is_destroyed(key_id)
    assert spans() == [(2027, 2)]


def test_the_last_year_waits_for_the_others(small, at, director):
    at("2027-02-01")
    actions.open_year(year=2026)
    assert refusal(actions.close_year, year=2026, by=director) == "earlier_open"
    assert StatsBreakdown.objects.filter(year=2025).exists()
    actions.close_due_years()
    assert [report["year"] for report in queries.reports()] == [2026, 2025]


def test_years_that_were_lost_are_not_opened_after_their_lists_are_out(small, at):
    at("2027-02-01")
    actions.open_year(year=2026)
    StatsYear.objects.filter(year=2025).delete()
    actions.close_year(year=2026)
    assert refusal(actions.open_year, year=2025) == "closed"
    assert spans() == []


def test_a_total_loss_goes_on_with_the_same_years_and_says_so(small, at):
    close(at, 2025)
    StatsYear.objects.all().delete()
    StatsBreakdown.objects.all().delete()
    ProgramSettings.objects.update(breakdown_years=3)
    at("2026-07-01")
    actions.open_current_year()
    close(at, 2026)
    report = queries.report(year=2026)
    assert (report["period"], report["breakdown"]["period"]) == ("2026 (partial year)", "2025 to 2026 (partial)")


def test_a_year_opened_late_marks_the_lists_too(small, at):
    at("2026-03-01")
    actions.open_current_year()
    assert vault.unseal(StatsBreakdown.objects.get()).is_partial


def test_lost_lists_are_started_again_without_the_year(small_from_zero, at, director):
    tallied(2025, 10)
    keyring.destroy(StatsBreakdown.objects.get().key_id)
    actions.open_anew(year=2025, by=director)
    assert queries.alarms() == {}
    assert counters_of(2025) == {"persons:all": 10, "contacts:all": 10}
    assert vault.unseal(StatsBreakdown.objects.get()).is_partial
    assert not vault.unseal(StatsYear.objects.get()).is_partial


# What a reader can work out


@settings(max_examples=15)
@given(st.lists(st.integers(-9, 120), min_size=3 * len(COUNTERS), max_size=3 * len(COUNTERS)))
def test_whatever_is_counted_the_years_together_tell_no_more_than_their_bands(numbers):
    """Also what cannot be: lists that hold more than the years had people. The last year's totals are raised."""
    one, two, together = (dict(zip(COUNTERS, numbers[52 * i :], strict=False)) for i in range(3))
    lists = release_lists(together)
    first = release_totals(one)
    last = release_totals(two, lists, {total: row.lo for total, row in zip(TOTALS, first, strict=True)})
    for total, level in ((PERSONS, vocabulary.PERSON_LEVEL), (CONTACTS, vocabulary.CONTACT_LEVEL)):
        at_least = max(sum(row.lo for row in lists if row.vector == vector.name) for vector in level)
        assert first[TOTALS.index(total)].lo + last[TOTALS.index(total)].lo >= at_least
    assert all(row.lo % 10 == 0 and row.hi == row.lo + 9 for row in (*first, *last, *lists))
    assert last[1].lo >= last[0].lo


def test_linear_programs_over_joined_years_learn_nothing():
    assert simulations.against_ours_together(20, 2, 1, CountedBits(5)) == []


def two_years(lists):
    """Two years of 10-19 people whose lists hold this many of one concern."""
    totals = [{"vector": vector, "code": "all", "lo": 10, "hi": 19} for vector in ("persons", "contacts")]
    rows = [{"vector": "concern", "code": code, "lo": lists, "hi": lists + 9} for code in ("grief", "work")]
    together = {"period": "2025 to 2026", "first_year": 2025, "years": 2}
    return [
        {"period": "2025", "rows": totals, "breakdown": together | {"rows": []}},
        {"period": "2026", "rows": totals, "breakdown": together | {"rows": rows}},
    ]


@pytest.mark.parametrize(("lists", "is_possible"), [(10, True), (20, False)])
def test_linear_programs_join_the_years(lists, is_possible):
    """Forty of two concerns in at most 38 people contradicts itself; with one year missing nothing can be said."""
    found = attacks.intervals(two_years(lists))
    assert attacks.narrowed(found) == [] if is_possible else found is None
    assert attacks.narrowed(attacks.intervals(two_years(lists)[1:])) == []


def test_lists_that_lean_on_the_totals_are_found():
    reports = two_years(10)
    reports[1]["breakdown"]["rows"].append({"vector": "concern", "code": "family", "lo": 10, "hi": 19})
    assert "concern:grief of 2025 to 2026 lies in 10-18" in attacks.narrowed(attacks.intervals(reports))


# What is said


@pytest.fixture
def closed(small_from_zero, at):
    tallied(2025, 10, concern="grief", mode="phone")
    close(at, 2025, 2026)
    return [queries.closed_year(year=year) for year in (2025, 2026)]


def test_every_file_of_the_years_says_where_the_lists_are(closed):
    for year, says in zip(
        closed, ("comes with the report of the last", "count the years 2025 to 2026 together"), strict=True
    ):
        made = {kind: make(year) for kind, make in files.FILES.items()}
        page = render_to_string("stats/result.html", {"words": queries.words_of(year)})
        assert readback.findings(made | {"html": page.encode()}) == []
        assert says in page
        assert ("Grief or loss" in page) is (year.year == 2026)
    lines = list(exports.to_csv(exports.from_json(closed[1].document)).splitlines())
    assert [line.split(",")[0] for line in lines[1:4]] == ["2026", "2026", "2025 to 2026"]
    assert len(lines) == 1 + len(COUNTERS)


def test_the_public_page_leaves_out_the_concern_of_all_the_years(closed, director, client):
    actions.publish(year=2026, shows_concern=False, by=director)
    page = client.get("/results/2026/").content.decode()
    assert "Phone" in page and "Grief or loss" not in page


@pytest.mark.parametrize(("year", "is_asked"), [(2025, False), (2026, True)])
def test_only_a_report_that_tells_the_concern_asks_whether_to_publish_it(closed, director, client, year, is_asked):
    client.force_login(director)
    assert ('name="shows_concern"' in client.get(f"/statistics/{year}/").content.decode()) is is_asked


def test_years_side_by_side_name_what_is_counted_together(closed):
    compared = {each.name: each for each in side_by_side(queries.reports()[::-1])}
    assert [bar.label for bar in compared["totals"].lines[0].bars] == ["2025", "2026"]
    assert [bar.label for bar in compared["mode"].lines[0].bars] == ["2025 to 2026"]


def test_pages_say_that_years_are_counted_together(small, client, ana, at):
    client.force_login(ana.user)
    for address in ("/statistics/", "/statistics/2025/"):
        assert "counted over the years 2025 to 2026 together" in client.get(address).content.decode()


def test_the_report_is_the_same_bytes_whatever_is_set_later(closed):
    before = StatsReport.objects.get(year=2026).document
    ProgramSettings.objects.update(breakdown_years=3)
    assert queries.document(year=2026) == before
