"""What a member reads on their desk."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from peersupport.core.todo import Todo
from requests_app.domain.card import Card
from requests_app.domain.matching import MatchReason
from requests_app.domain.routing import Routing
from requests_app.domain.states import RequestState, Urgency
from requests_app.presenters import desk
from requests_app.presenters.consultation import PendingConsultation
from requests_app.queries.members import Offer

TODAY = date(2026, 11, 28)
TONIGHT = datetime(2026, 11, 28, 21, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 29, 9, tzinfo=UTC)
ROUTING = Routing(
    state=RequestState.ACCEPTED,
    urgency=Urgency.TODAY,
    submitted=0,
    touched=0,
    officer_read=0,
    locator="",
    officer_key="",
    officer_envelope="",
)
ANSWERED = replace(ROUTING, is_answered=True)


@pytest.mark.parametrize(
    ("offers", "is_called_out", "is_anything_left", "said"),
    [
        (0, False, False, "You're all caught up. Thank you for being here."),
        (0, False, True, "Nobody new is waiting for you."),
        (0, True, True, "The team has been called out."),
        (1, False, True, "One request is waiting for your answer."),
        (3, True, False, "Three requests are waiting for your answer. The team has been called out."),
    ],
)
def test_lead(offers: int, is_called_out: bool, is_anything_left: bool, said: str) -> None:
    assert desk.lead(offers=offers, is_called_out=is_called_out, is_anything_left=is_anything_left) == said


@pytest.mark.parametrize(
    ("contacts", "said"),
    [
        (0, "You have no open contacts. You said you can take three at a time."),
        (1, "One open contact. You said you can take three."),
        (2, "Two open contacts. You said you can take three."),
    ],
)
def test_load_sentence(contacts: int, said: str) -> None:
    assert desk.load_sentence(contacts=contacts, cap=3) == said


def test_offer_says_how_soon_what_about_and_why() -> None:
    card = Card(urgency=Urgency.NOW, concern="grief", gender="woman")
    offer = desk.offer_text(Offer(uuid4(), Urgency.NOW, card, (MatchReason.GENDER, MatchReason.ON_CALL)))
    assert offer.heading == "Someone needs an answer now"
    assert offer.concern == "What it's about: <strong>Grief or loss</strong>."
    assert offer.reasons == ["They'd rather talk to a woman.", "You're on call."]
    assert set(desk.OFFER_HEADINGS) == set(desk.CONTACT_URGENCIES) == set(Urgency)


@pytest.mark.parametrize(
    ("concern", "heading", "details"),
    [
        ("grief", "Someone would like to talk, no rush", ["Grief or loss", "No rush"]),
        ("suicidal_thoughts", "Someone would like to talk", ["Thoughts of suicide"]),
    ],
)
def test_no_peer_reads_no_rush_where_it_is_about_suicide(concern: str, heading: str, details: list[str]) -> None:
    card = Card(urgency=Urgency.WHEN_YOU_CAN, concern=concern)
    assert desk.offer_text(Offer(uuid4(), Urgency.WHEN_YOU_CAN, card, ())).heading == heading
    routing = replace(ANSWERED, urgency=Urgency.WHEN_YOU_CAN)
    row = desk.contact_row(UUID(int=1), routing, concern=concern, due_at=None, today=TODAY)
    assert row.details == details


@pytest.mark.parametrize(
    ("routing", "due_at", "state", "needs_answer", "details"),
    [
        (
            ROUTING,
            TONIGHT,
            "They're waiting for your first answer",
            True,
            ["Grief or loss", "Asked for an answer today", "Please answer by 21:00"],
        ),
        (
            replace(ROUTING, is_reminded=True),
            TOMORROW,
            "They're waiting for your first answer",
            True,
            [
                "Grief or loss",
                "Asked for an answer today",
                "Goes to someone else if you haven't answered by Sunday, November 29, 09:00",
            ],
        ),
        (
            replace(ANSWERED, messages=1),
            None,
            "They've written to you",
            True,
            ["Grief or loss", "Asked for an answer today"],
        ),
        (ANSWERED, TONIGHT, "Nothing new", False, ["Grief or loss", "Asked for an answer today"]),
        (
            replace(ANSWERED, closing_suggested=7),
            None,
            "Nothing new",
            False,
            ["Grief or loss", "Asked for an answer today", "You suggested closing"],
        ),
    ],
    ids=["first answer due", "reminded", "new message", "answered", "closing suggested"],
)
def test_contact_row(
    routing: Routing, due_at: datetime | None, state: str, needs_answer: bool, details: list[str]
) -> None:
    row = desk.contact_row(UUID(int=1), routing, concern="grief", due_at=due_at, today=TODAY)
    assert row == desk.ContactRow(UUID(int=1), state, needs_answer, details)


def test_contact_without_its_card_says_nothing_of_the_concern() -> None:
    row = desk.contact_row(UUID(int=1), ANSWERED, concern="", due_at=None, today=TODAY)
    assert row.details == ["Asked for an answer today"]


def test_only_sections_with_something_to_do_are_shown() -> None:
    assert desk.sections(shifts=[], tallies=0, applications=[], training=[]) == []
    todo = Todo("Crisis intervention lapses", "See what trains it", "/training/")
    shown = desk.sections(shifts=["Friday, all day"], tallies=2, applications=[], training=[todo])
    assert [section.title for section in shown] == ["Shifts you're asked to take", "Contacts to tally", "Your training"]
    texts = [row.text for section in shown for row in section.rows]
    assert texts == [
        "Friday, all day",
        "Two contacts to tally",
        todo.text,
    ]
    assert shown[-1].rows == [desk.Row(todo.text, "/training/", "View", ["See what trains it"])]


@pytest.mark.parametrize(
    ("is_on_call", "has_phone_alert", "can_serve", "text", "details", "action"),
    [
        (True, True, True, "You're on call", ["You're alerted right away when someone needs an answer now."], "Change"),
        (True, False, True, "You're on call, but only by e-mail.", [], "Phone alerts"),
        (False, False, True, "You're not on call", ["You're asked in turn."], "Change"),
        (True, False, False, "You're on call", [], "Change"),
        (False, True, False, "You're not on call", [], "Change"),
    ],
)
def test_row_on_being_on_call(
    is_on_call: bool, has_phone_alert: bool, can_serve: bool, text: str, details: list[str], action: str
) -> None:
    row = desk.own_rows(
        is_on_call=is_on_call, has_phone_alert=has_phone_alert, can_serve=can_serve, hours=[], consultation=None
    )[0]
    assert (row.text, list(row.details), row.action) == (text, details, action)


def test_own_rows_show_the_next_hours_and_an_open_consultation() -> None:
    hours = ["Monday", "Tuesday", "Wednesday", "Thursday"]
    consultation = PendingConsultation(uuid4(), "You asked for a call. It should come today.")
    shown = desk.own_rows(
        is_on_call=False, has_phone_alert=False, can_serve=True, hours=hours, consultation=consultation
    )
    rows = {row.text: row for row in shown}
    assert list(rows["Your next hours on call"].details) == hours[:3]
    assert rows["You asked for a call. It should come today."].action == "View"
    assert "Not sure about something?" not in rows


@pytest.mark.parametrize(
    ("number", "set_aside", "said"),
    [
        (1, 1, "Marked: one request. Somebody else had marked it too, so nobody is asked about it anymore."),
        (3, 3, "Marked: three requests. Somebody else had marked them too, so nobody is asked about them anymore."),
        (
            11,
            1,
            "Marked: 11 requests. Somebody else had marked one of them too: nobody is asked about that one anymore.",
        ),
    ],
)
def test_after_marking_one_reads_what_became_of_them(number: int, set_aside: int, said: str) -> None:
    assert desk.marked_text(number, set_aside=set_aside) == said
