from datetime import date, datetime, timedelta

import pytest

from applications.models import PastOutcome
from peersupport.core.errors import Refused
from peersupport.team.models import WeeklyHours
from stats import actions, queries
from stats.documents import exports
from stats.domain.ledger import COUNTERS
from stats.presenters.report_text import report_text
from stats.presenters.team_tables import ON_CALL
from tests.stats.conftest import close_with, report_of
from training.actions import records
from training.models import Enrollment, GivenSession, Session

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_report_has_every_code_in_order_on_the_grid(year_2025, at):
    at("2026-02-01")
    actions.close_year(year=2025)
    report = report_of(2025)
    assert list(report) == ["period", "rows", "team"]
    assert report["period"] == "2025"
    assert [(row["vector"], row["code"]) for row in report["rows"]] == list(COUNTERS)
    assert all(list(row) == ["vector", "code", "lo", "hi"] for row in report["rows"])
    assert all(row["lo"] % 10 == 0 and row["hi"] == row["lo"] + 9 for row in report["rows"])


def test_a_year_with_no_contact_prints_no_band_at_all(db, at):
    """Empty years with real noise, 52 counters each: no band is ever printed as 10-19."""
    at("2090-06-01")
    for year in range(2001, 2011):
        actions.open_year(year=year)
        actions.close_year(year=year)
    assert {row.lo for closed in queries.closed_years() for row in closed.report.rows} == {0}


def test_a_report_is_the_same_bytes_each_time(year_2025, at, ana):
    at("2026-02-01")
    actions.close_year(year=2025)
    document = queries.closed_year(year=2025).document
    table = exports.to_csv(queries.closed_year(year=2025).report)
    at("2027-05-05")
    actions.open_year(year=2026)
    actions.tally(year=2026, first_this_year=True)
    actions.reseal()
    ana.state = "ended"
    ana.end_reason, ana.ended_on = "own_wish", "2026-05-05"
    ana.save()
    actions.close_year(year=2026)
    assert queries.closed_year(year=2025).document == document
    assert exports.to_csv(queries.closed_year(year=2025).report) == table


@pytest.mark.parametrize("year", [2025, 2024, 0, -5, 10**30])
def test_an_open_or_unknown_year_has_no_report(year_2025, year):
    with pytest.raises(Refused) as refused:
        queries.closed_year(year=year)
    with pytest.raises(Refused, match="no report"):
        queries.report(year=year)
    assert refused.value.code == "no_report"


def test_the_team_part_is_exact_and_of_that_year(at, ana, ben, coordinator):
    at("2026-02-01")
    for member, subject, day, hours in [
        (ana, "suicide_intervention", "2025-01-01", 8),
        (ana, "listening_skills", "2025-12-31", "1.5"),
        (ben, "suicide_intervention", "2024-12-31", 8),
        (ben, "listening_skills", "2026-01-01", 4),
    ]:
        records.record(
            member_id=member.pk,
            subject=subject,
            completed_on=date.fromisoformat(day),
            hours=hours,
            by=coordinator,
        )
    close_with(2025)
    team = report_of(2025)["team"]
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


def test_the_team_part_counts_sessions_applications_and_hours_on_call(at, ana, coordinator):
    noon = datetime.fromisoformat("2024-12-31T18:00:00+00:00")
    location = {"time_zone": "America/Chicago", "place": "Room 4"}
    held = Session.objects.create(title="A", state="held", starts_at=noon, ends_at=noon + HOUR, **location)
    Session.objects.create(title="B", state="held", starts_at=noon + DAY, ends_at=noon + DAY + HOUR, **location)
    Session.objects.create(title="C", starts_at=noon, ends_at=noon + HOUR, **location)
    Enrollment.objects.create(session=held, member=ana, attended=True)
    for day, people in (("2024-01-01", 23), ("2024-12-31", 12), ("2025-01-01", 7)):
        GivenSession.objects.create(held_on=day, kind="education", topic="Roll call", headcount=people)
    PastOutcome.objects.create(year_starts_on="2024-01-01", outcome="declined", count=3)
    since, until = datetime.fromisoformat("2024-01-01T06:00:00Z"), datetime.fromisoformat("2024-07-01T05:00:00Z")
    WeeklyHours.objects.create(member=ana, purpose="on_call", since=since, until=until)
    at("2026-02-01")
    close_with(2024)
    report = report_of(2024)
    team = report["team"]
    assert [(s["code"], s["count"], s["people"]) for s in team["sessions"]] == [
        ("training", 1, 1), ("education", 2, 35), ("outreach", 0, 0),
    ]  # fmt: skip
    assert {a["code"]: a["count"] for a in team["applications"] if a["count"]} == {"declined": 3}
    assert team["on_call_share"] == 0.497  # 182 days of 366, less an hour of summer time
    text = report_text(queries.closed_year(year=2024).report, agency="A", program="P")
    assert "In 2024, two education and outreach sessions were held." in text.sentences
    assert "35 people took part in education and outreach." in text.sentences
    rows = {row[0]: row[1:] for table in text.team for row in table.rows}
    assert (rows["Education"], rows["Training of the team"]) == ((2, 35), (1, 1))
    assert rows[str(ON_CALL)] == (49,)
