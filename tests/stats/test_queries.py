import json
from datetime import date

import pytest

from stats import actions, exports, queries
from stats.ledger import COUNTERS
from stats.refusals import Refused
from training import actions as training

from .conftest import close_with

pytestmark = pytest.mark.django_db


def test_a_report_has_every_code_in_order_on_the_grid(year_2025, at):
    at("2026-02-01")
    actions.close_year(year=2025)
    report = queries.report(year=2025)
    assert list(report) == ["period", "rows", "team"]
    assert report["period"] == "2025"
    assert [(row["vector"], row["code"]) for row in report["rows"]] == list(COUNTERS)
    assert all(list(row) == ["vector", "code", "lo", "hi"] for row in report["rows"])
    assert all(row["lo"] % 10 == 0 and row["hi"] == row["lo"] + 9 for row in report["rows"])


def test_a_year_with_no_contact_prints_no_band_at_all(db, at):
    """Empty years with real noise, 52 counters each: nothing is ever printed as 10-19."""
    at("2090-06-01")
    for year in range(2001, 2011):
        actions.open_year(year=year)
        actions.close_year(year=year)
    assert {row["lo"] for report in queries.reports() for row in report["rows"]} == {0}


def test_a_report_is_the_same_bytes_each_time(year_2025, at, ana):
    at("2026-02-01")
    actions.close_year(year=2025)
    document = queries.document(year=2025)
    table = exports.to_csv(queries.report(year=2025))
    at("2027-05-05")
    actions.open_year(year=2026)
    actions.tally(year=2026, first_this_year=True)
    actions.reseal()
    ana.state = "ended"
    ana.end_reason, ana.ended_on = "own_wish", "2026-05-05"
    ana.save()
    actions.close_year(year=2026)
    assert queries.document(year=2025) == document
    assert exports.to_csv(queries.report(year=2025)) == table
    assert json.loads(document) == queries.report(year=2025)


@pytest.mark.parametrize("year", [2025, 2024, 0, -5, 10**30])
def test_an_open_or_unknown_year_has_no_report(year_2025, year):
    for question in (queries.report, queries.document):
        with pytest.raises(Refused) as refused:
            question(year=year)
        assert refused.value.code == "no_report"


def test_the_team_part_is_exact_and_of_that_year(at, ana, ben, coordinator):
    at("2026-02-01")
    for member, subject, day, hours in [
        (ana, "suicide_intervention", "2025-01-01", 8),
        (ana, "listening_skills", "2025-12-31", "1.5"),
        (ben, "suicide_intervention", "2024-12-31", 8),
        (ben, "listening_skills", "2026-01-01", 4),
    ]:
        training.record(
            member_id=member.pk,
            subject=subject,
            completed_on=date.fromisoformat(day),
            hours=hours,
            by=coordinator,
        )
    close_with(2025)
    team = queries.report(year=2025)["team"]
    assert team["members"] == {"in_training": 0, "designated": 2, "ended": 0}
    assert team["designations"] == 0  # both on 15 January 2026
    by_code = {subject["subject"]: subject for subject in team["training"]}
    assert list(by_code)[:2] == ["critical_incident_stress", "suicide_intervention"]
    assert by_code["suicide_intervention"] == {
        "subject": "suicide_intervention",
        "name": "Suicide intervention",
        "hours": 8,
        "current": 2,
        "expiring": 0,
        "lapsed": 0,
        "missing": 0,
    }
    assert by_code["listening_skills"]["hours"] == 1.5
    assert by_code["listening_skills"]["missing"] == 1
