"""How far an application is, in words for the candidate and for the team."""

from datetime import date, timedelta

import pytest

from applications.domain.onboarding import OnboardingStage
from applications.domain.reminders import UNRESPONSIVE_AFTER_DAYS
from applications.domain.states import WITH_THE_CANDIDATE, ApplicationState, ReferenceState
from applications.presenters import progress

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (0, "since today"),
        (1, "for 1 day"),
        (13, "for 13 days"),
        (14, "for 2 weeks"),
        (60, "for 8 weeks"),
        (61, "for 2 months"),
        (729, "for 24 months"),
        (730, "for 2 years"),
    ],
)
def test_age_gets_coarser(days: int, text: str):
    assert progress.age_text(days) == text


def test_every_state_and_stage_that_a_candidate_can_see_has_a_heading_and_a_next_step():
    for state in set(ApplicationState) - WITH_THE_CANDIDATE - {ApplicationState.CONDITIONAL}:
        assert all(progress.status_text(state, None, TODAY))
    for stage in OnboardingStage:
        assert all(progress.status_text(ApplicationState.CONDITIONAL, stage, TODAY))


@pytest.mark.parametrize("state", ["declined", "withdrawn", "abandoned"])
def test_a_candidate_reads_when_what_they_wrote_will_be_erased(state: str):
    __, next_step = progress.status_text(ApplicationState(state), None, TODAY)
    assert "What you wrote will be erased on November 28, 2026." in next_step


def test_an_accepted_candidate_is_listed_with_the_stage():
    assert progress.state_label(ApplicationState.CONDITIONAL, OnboardingStage.TRAINING) == "In training"
    assert progress.state_label(ApplicationState.SUBMITTED, None) == "New"


@pytest.mark.parametrize(
    ("state", "days", "label"),
    [
        (ReferenceState.ASKED, UNRESPONSIVE_AFTER_DAYS - 1, "No answer yet"),
        (ReferenceState.ASKED, UNRESPONSIVE_AFTER_DAYS, "No answer in three weeks"),
        (ReferenceState.GIVEN, UNRESPONSIVE_AFTER_DAYS, "Answered"),
        (ReferenceState.DECLINED, UNRESPONSIVE_AFTER_DAYS, "Declined"),
    ],
)
def test_a_reference_is_no_longer_waited_for_after_three_weeks(state: ReferenceState, days: int, label: str):
    assert progress.reference_label(state, TODAY - timedelta(days=days), TODAY) == label


def test_a_reference_who_was_never_asked():
    assert progress.reference_label(ReferenceState.NAMED, None, TODAY) == "Not asked yet"
