"""The rows of the list, and what is read while deciding."""

from datetime import UTC, datetime, timedelta

import pytest

from applications.domain.onboarding import OnboardingStage
from applications.domain.states import DECISIONS, ApplicationState
from applications.models import Application, Review
from applications.presenters import decisions, lists
from applications.queries.onboarding import Onboarding
from peersupport.team.models import User

NOW = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)


def test_rows_say_state_or_stage_and_fill_the_gaps():
    new = Application(pk=1, name="New", state="submitted", since=NOW)
    accepted = Application(
        pk=2,
        name="Accepted",
        state="conditional",
        since=NOW - timedelta(days=3),
        unit="Jail",
        assignee=User(name="Carla"),
    )
    rows = lists.application_rows([new, accepted], {2: Onboarding(OnboardingStage.AGREEMENT, None)}, NOW)
    assert [(row.name, row.state, row.badge_class, row.age, row.unit, row.assignee) for row in rows] == [
        ("New", "New", "badge badge--warm", "since today", "–", "Nobody yet"),
        ("Accepted", "Agreement to sign", "badge", "for 3 days", "Jail", "Carla"),
    ]


def test_a_reviewers_rows_say_whether_a_review_is_due():
    cory = Application(pk=1, name="Cory", since=NOW)
    rows = lists.review_rows([Review(application=cory, state="asked"), Review(application=cory, state="given")])
    assert [row.note for row in rows] == ["Needs your review", "You've given your review"]


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        ("submitted", []),
        ("under_review", ["conditional", "waiting_list", "declined"]),
        ("waiting_list", ["conditional", "declined"]),
        ("declined", []),
    ],
)
def test_choices_by_state(state: str, codes: list[str]):
    assert [choice.code for choice in decisions.choices_in(ApplicationState(state))] == codes


def test_every_decision_is_confirmed():
    assert all(decisions.confirmation(decision) for decision in DECISIONS)
    assert decisions.label(ApplicationState.DECLINED) == "Decline"
    assert "status: Declined" in decisions.nothing_to_decide(ApplicationState.DECLINED)
