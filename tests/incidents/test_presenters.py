"""What the coordinator and a called-out member read. Nothing here asks the database."""

from datetime import date

import pytest
from django.urls import reverse

from peersupport.incidents import presenters
from peersupport.incidents.domain.activation import Answer, FollowUp
from peersupport.incidents.models import Activation, CallOut, GroupSession
from peersupport.incidents.presenters import Button
from peersupport.incidents.queries import PastActivation

DAY, LATER = date(2026, 6, 1), date(2026, 6, 3)
COMES, CANNOT, NONE = Answer.COMES, Answer.CANNOT, Answer.NONE


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([], "Nobody has been called out yet."),
        ([NONE], "So far, nobody has said they can come."),
        ([NONE, CANNOT], "So far, nobody has said they can come."),
        ([COMES], "The one member you called out can come."),
        ([COMES, COMES, NONE], "So far, two of the three members you called out can come."),
    ],
)
def test_lead_while_it_runs(answers: list[Answer], sentence: str) -> None:
    assert presenters.lead(DAY, answers) == f"Started June 1, 2026. {sentence}"


def test_lead_while_none_runs_says_that_nobody_affected_is_recorded() -> None:
    assert presenters.lead(None, []).endswith("Who was at the incident isn't recorded anywhere.")


@pytest.mark.parametrize(
    ("called", "could_come", "planned", "details"),
    [
        (0, 0, 0, ["Nobody was called out"]),
        (1, 0, 0, ["One member called out, who couldn't come"]),
        (1, 1, 1, ["One member called out, who could come", "One session planned"]),
        (3, 0, 0, ["Three members called out, and nobody could come"]),
        (12, 2, 2, ["12 members called out, and two could come", "Two sessions planned"]),
    ],
)
def test_past_activation(called: int, could_come: int, planned: int, details: list[str]) -> None:
    row = presenters.past_row(PastActivation(DAY, DAY, called, could_come, planned))
    assert (row.period, row.details) == ("June 1, 2026", details)


def test_past_activation_of_several_days() -> None:
    assert presenters.past_row(PastActivation(DAY, LATER, 0, 0, 0)).period == "June 1, 2026 to June 3, 2026"


@pytest.mark.parametrize(
    ("due", "title"),
    [
        (FollowUp.THREE_DAYS, "Three days since the incident of June 1, 2026"),
        (FollowUp.TWO_WEEKS, "Two weeks since the incident of June 1, 2026"),
        (FollowUp.YEAR, "A year since the incident of June 1, 2026"),
    ],
)
def test_follow_ups(due: FollowUp, title: str) -> None:
    card = presenters.follow_up_card(4, DAY, due)
    assert (card.title, card.url) == (title, reverse("incidents:acknowledge_follow_up", args=[4, due.value]))
    assert len({presenters.follow_up_card(4, DAY, each).advice for each in FollowUp}) == 3


def test_an_unanswered_call_stands_out() -> None:
    assert [presenters.call_row("Ana", answer).tone for answer in Answer] == ["warm", "", ""]
    assert presenters.call_row("Ana", COMES).answer == "Can come"


def test_extra_contacts_are_said_through_their_last_day() -> None:
    assert presenters.caps_note(0, None, DAY) == ""
    assert presenters.caps_note(1, LATER, LATER) == (
        "Through Wednesday, June 3, each member can be asked to take one extra contact."
    )
    assert presenters.caps_note(2, LATER, DAY).endswith("two extra contacts.")
    assert presenters.caps_note(2, DAY, LATER) == ""


def test_notice_says_whether_it_is_shown() -> None:
    assert presenters.notice_note(None, DAY) == ""
    assert presenters.notice_note(DAY, DAY) == "The public pages show this notice through Monday, June 1."
    assert presenters.notice_note(DAY, LATER) == (
        "The public pages no longer show this notice. Its last day was Monday, June 1."
    )


I_CAN, I_CANNOT, PRIMARY = (
    Button("comes", "I can come", "button--quiet"),
    Button("cannot", "I can't", "button--quiet"),
    Button("comes", "I can come"),
)


@pytest.mark.parametrize(
    ("answer", "is_offered", "title", "buttons"),
    [
        (NONE, False, "Can you come?", [PRIMARY, I_CANNOT]),
        (NONE, True, "Can you come?", [I_CAN, I_CANNOT]),
        (COMES, False, "The team has been called out. You said you can come.", [I_CANNOT]),
        (CANNOT, False, "The team has been called out. You said you can't come.", [I_CAN]),
    ],
)
def test_called_out_member_is_asked_and_can_change_their_answer(
    answer: Answer, is_offered: bool, title: str, buttons: list[Button]
) -> None:
    call, sessions = CallOut(activation=Activation(meeting="Annex, noon"), answer=answer), [GroupSession()]
    called = presenters.called_out(call, sessions, 0, is_offered=is_offered)
    assert (called.title, called.buttons) == (title, buttons)
    assert (called.meeting, list(called.sessions)) == ("Annex, noon", sessions if answer != CANNOT else [])
    assert any("Nobody will ask why" in note for note in called.notes) == (answer == NONE)


def test_called_out_member_reads_about_extra_contacts_and_a_place_to_come() -> None:
    call = CallOut(activation=Activation(caps_until=LATER))
    called = presenters.called_out(call, [], 1, is_offered=False)
    assert called.meeting == "You'll be told where and when to meet."
    assert called.notes[0] == (
        "Through Wednesday, June 3, you can be asked to take one more contact than you chose. You can still decline."
    )
