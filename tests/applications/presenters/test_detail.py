"""What the page of one application says and offers, by state and by who looks at it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from applications.domain.onboarding import OnboardingStage
from applications.domain.states import InterviewState, Mover
from applications.models import Application, ApplicationSettings, Interview, Move, Reference
from applications.presenters.detail import Detail, NextStep, detail
from applications.queries.detail import VisibleApplication
from applications.queries.onboarding import Onboarding
from peersupport.team.models import Member, User

NOW = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)
INVITED = Onboarding(OnboardingStage.INVITED, None)
ON_THE_TEAM = Onboarding(OnboardingStage.TRAINING, Member(pk=3))


def visible(state: str = "under_review", **changed: object) -> VisibleApplication:
    application = Application(pk=7, name="Cory Candidate", email="cory@example.org", state=state, since=NOW)
    settings = ApplicationSettings(has_panel=True, has_interview=True)
    first = Move(pk=1, to_state="draft", mover=Mover.CANDIDATE, at=NOW)
    known = VisibleApplication(
        application=application, settings=settings, onboarding=None, references=[], reviews=[], interview=None,
        moves=[first], is_to_review=False, may_decide=True, may_see_history=True, may_see_team=True,
    )  # fmt: skip
    return replace(known, **changed)


def page(state: str = "under_review", **changed: object) -> Detail:
    return detail(visible(state, **changed), NOW)


@pytest.mark.parametrize(
    ("state", "changed", "next_step"),
    [
        ("submitted", {}, NextStep.BEGIN_REVIEW),
        ("under_review", {}, NextStep.DECIDE),
        ("interview", {}, NextStep.DECIDE),
        ("waiting_list", {}, NextStep.DECIDE),
        ("under_review", {"is_to_review": True}, NextStep.GIVE_REVIEW),
        ("submitted", {"may_decide": False}, NextStep.NOTHING),
        ("under_review", {"may_decide": False}, NextStep.NOTHING),
        ("conditional", {"onboarding": INVITED}, NextStep.INVITE_AGAIN),
        ("conditional", {"onboarding": INVITED, "may_decide": False}, NextStep.NOTHING),
        ("conditional", {"onboarding": ON_THE_TEAM}, NextStep.ON_THE_TEAM),
        ("conditional", {"onboarding": ON_THE_TEAM, "may_see_team": False}, NextStep.NOTHING),
        ("declined", {}, NextStep.NOTHING),
        ("withdrawn", {}, NextStep.NOTHING),
    ],
)
def test_next_step(state: str, changed: dict[str, object], next_step: NextStep):
    assert page(state, **changed).next_step == next_step


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("submitted", set()),
        ("under_review", {"name_reviewers", "interview", "abandon"}),
        ("interview", {"name_reviewers", "interview", "abandon"}),
        ("waiting_list", {"resume"}),
        ("conditional", {"abandon"}),
        ("declined", set()),
    ],
)
def test_what_a_coordinator_can_do_besides(state: str, offered: set[str]):
    def offers(shown: Detail) -> set[str]:
        names = ("name_reviewers", "interview", "resume", "abandon")
        return {name for name in names if getattr(shown, f"may_{name}")}

    assert offers(page(state)) == offered
    assert offers(page(state, may_decide=False)) == set()


def test_panel_and_interview_are_settings():
    shown = page(settings=ApplicationSettings(has_panel=False, has_interview=False))
    assert (shown.may_name_reviewers, shown.may_interview, shown.panel) == (False, False, None)


def test_lead_says_state_stage_assignee_and_erasure():
    assert page().lead == ["Under review, since today."]
    accepted = visible("conditional", onboarding=ON_THE_TEAM)
    accepted.application.since = NOW - timedelta(days=20)
    accepted.application.assignee = User(name="Carla Coordinator")
    accepted.application.erased_on = date(2026, 11, 27)
    assert detail(accepted, NOW).lead == [
        "Conditionally accepted, for 2 weeks.",
        "Onboarding: In training.",
        "Assigned to Carla Coordinator.",
        "What they wrote was erased on November 27, 2026.",
    ]


def test_facts_leave_out_what_is_empty():
    known = visible()
    assert [(fact.label, fact.value) for fact in detail(known, NOW).facts] == [("E-mail", "cory@example.org")]
    known.application.phone, known.application.resume = "555-0100", "abc"
    known.application.conflicts = ["supervisory", "internal_affairs"]
    assert [(fact.label, fact.value, fact.href) for fact in detail(known, NOW).facts[1:]] == [
        ("Phone", "555-0100", ""),
        ("Duties", "Supervises others, Works in internal affairs", ""),
        ("Résumé", "Download (PDF)", "/applications/7/resume.pdf"),
    ]


@pytest.mark.parametrize(
    ("changed", "label", "details"),
    [
        ({"state": "named"}, "Not asked yet", ["Reference"]),
        (
            {"state": "asked", "asked_on": date(2026, 11, 20), "reminders": 1}, "No answer yet",
            ["Reference", "Asked on November 20, 2026", "Reminded once"],
        ),
        (
            {"state": "asked", "asked_on": date(2026, 11, 1), "reminders": 2}, "No answer in three weeks",
            ["Reference", "Asked on November 1, 2026", "Reminded twice"],
        ),
        (
            {"state": "given", "asked_on": date(2026, 11, 1), "answered_on": date(2026, 11, 9), "reminders": 1},
            "Answered", ["Reference", "Asked on November 1, 2026", "Answered on November 9, 2026"],
        ),
    ],
)  # fmt: skip
def test_reference(changed: dict[str, object], label: str, details: list[str]):
    (entry,) = page(references=[Reference(kind="reference", name="Rita", **changed)]).references
    assert (entry.label, entry.details) == (label, details)


def test_agreed_interview_is_on_a_24_hour_clock():
    interview = Interview(state=InterviewState.AGREED, place="Room 2", minutes=45, starts_at=NOW + timedelta(hours=9))
    note = page("interview", interview=interview).interview
    assert (note.heading, note.times) == ("Interview scheduled", ["Saturday, November 28, 2026, 21:00 CST, 45 minutes"])
    assert (note.is_agreed, note.may_cancel, note.note_class) == (True, True, "note")
    assert page("under_review", interview=interview).interview.may_cancel is False


def test_history_says_who():
    moves = [
        Move(pk=1, to_state="draft", mover=Mover.CANDIDATE, at=NOW),
        Move(pk=2, to_state="declined", mover=Mover.COORDINATOR, by=User(name="Carla"), at=NOW, letter="Dear Cory,"),
        Move(pk=3, to_state="abandoned", mover=Mover.SCHEDULE, at=NOW),
    ]
    shown = page(moves=moves)
    assert [(entry.label, entry.who_and_when) for entry in shown.history] == [
        ("Started the application", "By the candidate, November 28, 2026, 12:00"),
        ("Declined", "By Carla, November 28, 2026, 12:00"),
        ("Marked as not pursued", "Automatically, November 28, 2026, 12:00"),
    ]
    assert (shown.history[1].letter, shown.after_move) == ("Dear Cory,", 3)
    assert page(moves=moves, may_see_history=False).history == []
