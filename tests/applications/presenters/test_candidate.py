"""What a candidate and their references read on the pages behind private links."""

from datetime import UTC, date, datetime

import pytest

from applications.domain.onboarding import OnboardingStage
from applications.domain.states import ApplicationState, InterviewState, ReferenceKind
from applications.models import Application, Interview, Reference
from applications.presenters import candidate
from applications.queries.onboarding import Onboarding
from peersupport.team.models import Member

EVENING = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)  # 9 p.m. of the day before in Chicago

DAY = date(2027, 11, 28)


def interview(state: InterviewState) -> Interview:
    starts_at = EVENING if state == InterviewState.AGREED else None
    return Interview(state=state, place="Room 2", minutes=45, starts_at=starts_at)


@pytest.mark.parametrize(
    ("state", "has_times", "title", "lead", "variant"),
    [
        ("proposed", True, "When can we meet?", "It will take about 45 minutes. Place: Room 2", "choose"),
        ("none_suits", True, "When can we meet?", "We know that none of these work for you", "choose"),
        ("proposed", False, "When can we meet?", "These times have passed.", "passed"),
        ("none_suits", False, "When can we meet?", "These times have passed.", "passed"),
        (
            "agreed", True, "Your interview", "Saturday, November 28, 2026, 9:00 p.m. (2100) CST. Place: Room 2",
            "agreed_with_others",
        ),
        (
            "agreed", False, "Your interview", "Saturday, November 28, 2026, 9:00 p.m. (2100) CST. Place: Room 2",
            "agreed",
        ),
    ],
)  # fmt: skip
def test_interview_page_by_state(state: str, has_times: bool, title: str, lead: str, variant: str):
    page = candidate.interview_page(interview(InterviewState(state)), has_times=has_times)
    assert (page.title, page.variant) == (title, variant)
    assert page.lead.startswith(lead)
    assert page.may_decline == (state != "none_suits")


@pytest.mark.parametrize(
    ("state", "may_correct", "may_withdraw"),
    [
        ("submitted", True, True),
        ("under_review", False, True),
        ("waiting_list", False, True),
        ("declined", False, False),
        ("withdrawn", False, False),
    ],
)
def test_what_a_candidate_may_still_do(state: str, may_correct: bool, may_withdraw: bool):
    page = candidate.status_page(Application(state=state), None, [], None, erased_on=DAY)
    assert (page.may_correct, page.may_withdraw) == (may_correct, may_withdraw)


def test_an_accepted_candidate_may_withdraw_until_they_are_a_member():
    accepted = Application(state=ApplicationState.CONDITIONAL)
    invited = candidate.status_page(accepted, Onboarding(OnboardingStage.INVITED, None), [], None, erased_on=DAY)
    in_training = candidate.status_page(
        accepted, Onboarding(OnboardingStage.TRAINING, Member()), [], None, erased_on=DAY
    )
    assert (invited.heading, invited.may_withdraw) == ("You're conditionally accepted", True)
    assert (in_training.heading, in_training.may_withdraw) == ("You're in training", False)


def test_status_shows_an_agreed_interview_alone():
    def shown(state: InterviewState) -> tuple[str, str]:
        page = candidate.status_page(Application(state="interview"), None, [], interview(state), erased_on=DAY)
        return page.interview, page.next_step

    still_to_choose = ("", "Choose a time with the link in our e-mail about the interview.")
    assert shown(InterviewState.PROPOSED) == shown(InterviewState.NONE_SUITS) == still_to_choose
    assert shown(InterviewState.AGREED) == (
        "Saturday, November 28, 2026, 9:00 p.m. (2100) CST. Place: Room 2",
        "Your interview is set.",
    )


def test_status_says_who_has_answered_and_not_what():
    rita = Reference(kind="endorsement", name="Rita", state="given", statement="CANARY")
    (row,) = candidate.status_page(Application(state="submitted"), None, [rita], None, erased_on=DAY).references
    assert (row.name, row.kind, row.answer) == ("Rita", "Supervisor's endorsement", "Answered")


def test_a_supervisor_is_asked_whether_they_can_spare_the_candidate():
    supervisor = candidate.reference_request(ReferenceKind.ENDORSEMENT, "Cory")
    referee = candidate.reference_request(ReferenceKind.REFERENCE, "Cory")
    assert supervisor.startswith("Cory would like to join") and supervisor.endswith("Could you spare them?")
    assert referee.endswith("named you as someone who knows them.")
