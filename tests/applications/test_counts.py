from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from applications.counts import by_outcome
from applications.domain.states import ApplicationState
from applications.models import Application, PastOutcome

pytestmark = pytest.mark.django_db
FULL = {
    "name": "Cory Candidate", "kind": "sworn", "why": "w", "qualifications": "q", "benefit": "b",
    "confirmed_on": "2026-01-01",
}  # fmt: skip


def application(number: int, state: ApplicationState, day: date, hour: int = 12) -> None:
    at = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("America/Chicago"))
    Application.objects.create(email=f"c{number}@example.org", state=state, since=at, **FULL)


def counts(first: date, last: date) -> dict[str, int]:
    return {outcome.code: outcome.count for outcome in by_outcome(first, last)}


def test_by_outcome_lists_every_outcome_in_order():
    assert [(outcome.code, outcome.count) for outcome in by_outcome(date(2026, 1, 1), date(2026, 12, 31))] == [
        ("conditional", 0), ("waiting_list", 0), ("declined", 0), ("withdrawn", 0), ("abandoned", 0),
    ]  # fmt: skip


def test_by_outcome_counts_by_local_day_of_decision():
    application(1, ApplicationState.DECLINED, date(2026, 1, 1), hour=0)
    application(2, ApplicationState.DECLINED, date(2026, 12, 31), hour=23)
    application(3, ApplicationState.DECLINED, date(2025, 12, 31), hour=23)
    application(4, ApplicationState.CONDITIONAL, date(2026, 5, 5))
    application(5, ApplicationState.UNDER_REVIEW, date(2026, 5, 5))
    assert counts(date(2026, 1, 1), date(2026, 12, 31)) == {
        "conditional": 1, "waiting_list": 0, "declined": 2, "withdrawn": 0, "abandoned": 0,
    }  # fmt: skip


def test_by_outcome_includes_purged_applications():
    PastOutcome.objects.create(year_starts_on=date(2026, 1, 1), outcome=ApplicationState.DECLINED, count=4)
    PastOutcome.objects.create(year_starts_on=date(2025, 1, 1), outcome=ApplicationState.DECLINED, count=8)
    application(1, ApplicationState.DECLINED, date(2026, 6, 1))
    assert counts(date(2026, 1, 1), date(2026, 12, 31))["declined"] == 5
    assert counts(date(2024, 1, 1), date(2026, 12, 31))["declined"] == 13
