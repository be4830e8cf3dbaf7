"""What the coordinator reads about the team, from figures alone."""

from datetime import date, datetime

import pytest

from dashboard.presenters import team_todos
from dashboard.queries.home import Activation
from peersupport.team.domain.states import KeyState
from peersupport.team.models import Member, User


def member(name: str, pk: int = 7) -> Member:
    return Member(pk=pk, user=User(name=name))


@pytest.mark.parametrize(
    ("called", "coming", "sentence"),
    [
        (0, 0, "An activation is running, and nobody has been called out yet"),
        (3, 0, "The team has been called out. Nobody has said they can come yet."),
        (3, 1, "The team has been called out. So far, one member can come."),
        (12, 12, "The team has been called out. So far, 12 members can come."),
    ],
)
def test_running_activation(called: int, coming: int, sentence: str) -> None:
    assert team_todos.activation_sentence(Activation(called, coming, 0)) == sentence


@pytest.mark.parametrize(
    ("unanswered", "detail"), [(0, ""), (1, "One hasn't answered yet"), (2, "Two haven't answered yet")]
)
def test_members_who_have_not_answered(unanswered: int, detail: str) -> None:
    (todo,) = team_todos.activations(Activation(3, 1, unanswered), [])
    assert (todo.detail, todo.action) == (detail, "Critical incidents")


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "One invitation couldn't be delivered"), (3, "Three invitations couldn't be delivered")],
)
def test_invitations_that_were_not_delivered(number: int, text: str) -> None:
    (todo,) = team_todos.undelivered(number)
    assert (todo.text, todo.action, todo.needs_attention) == (text, "Invitations", True)
    assert list(team_todos.undelivered(0)) == []


def test_follow_up_of_a_past_incident() -> None:
    (todo,) = team_todos.activations(None, [date(2026, 6, 1)])
    assert todo.text == "Time to check on people after the incident of June 1, 2026"


def test_no_gap_on_call_is_no_todo() -> None:
    assert list(team_todos.gaps_on_call(0, None)) == []


@pytest.mark.parametrize(("hours", "words"), [(1, "one hour"), (30, "30 hours")])
def test_gap_on_call(hours: int, words: str) -> None:
    (todo,) = team_todos.gaps_on_call(hours, datetime(2026, 6, 1, 18))
    assert todo.text == f"Nobody is on call for {words} in the next two weeks"
    assert todo.detail == "First gap: Monday, June 1, 18:00"


def test_one_member_is_named_and_several_are_counted() -> None:
    (one,) = team_todos.readiness([member("Ana Alvarez")], 0)
    (two,) = team_todos.readiness([member("Ana Alvarez"), member("Ben Brandt", 8)], 0)
    assert (one.text, one.action) == ("Ana Alvarez is ready to be designated", "Designate")
    assert (two.text, two.action) == ("Two members are ready to be designated", "Team")
    (one,) = team_todos.terms([member("Ana Alvarez")])
    assert one.text == "Ana Alvarez's term has ended or ends soon"
    assert [todo.text for todo in team_todos.terms([member("A"), member("B")])] == [
        "Terms have ended or end within 60 days"
    ]


def test_who_never_signed_in_is_named_or_counted() -> None:
    assert list(team_todos.invited([])) == []
    (one,) = team_todos.invited([(7, "Ina Imported")])
    (two,) = team_todos.invited([(7, "Ina Imported"), (8, "Ivo Imported")])
    assert (one.text, one.url) == ("Ina Imported was invited and hasn't signed in yet", "/members/7/")
    assert (two.text, two.url) == ("Two invited members haven't signed in yet", "/members/invite/")


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (1, "One member serves without required training"),
        (2, "Two members serve without required training"),
    ],
)
def test_untrained_members_need_attention(number: int, sentence: str) -> None:
    (todo,) = team_todos.readiness([], number)
    assert (todo.text, todo.needs_attention) == (sentence, True)


@pytest.mark.parametrize(("number", "sentence"), [(1, "One new key to confirm"), (2, "Two new keys to confirm")])
def test_keys_are_counted_by_the_rail(number: int, sentence: str) -> None:
    (todo,) = team_todos.keys(dict.fromkeys(range(7, 7 + number), KeyState.UNCONFIRMED))
    assert (todo.text, todo.entry, todo.count) == (sentence, "team:roster", number)


def test_a_single_key_is_confirmed_on_its_members_page() -> None:
    (one,), (two,) = (team_todos.keys(dict.fromkeys(ids, KeyState.UNCONFIRMED)) for ids in ([7], [7, 8]))
    assert (one.url, two.url) == ("/members/7/", "/members/")


def test_keys_to_confirm_again_say_what_that_can_mean() -> None:
    new, again = team_todos.keys({7: KeyState.UNCONFIRMED, 8: KeyState.UNVERIFIED})
    assert (again.text, again.url, again.count) == ("One key to confirm again", "/members/8/", 1)
    assert again.detail.endswith("or if somebody changed the database. Tell the person who runs the server.")
    assert again.needs_attention and not new.needs_attention


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (1, "One member still has to sign the confidentiality agreement"),
        (3, "Three members still have to sign the confidentiality agreement"),
    ],
)
def test_unsigned_agreements(number: int, sentence: str) -> None:
    assert [todo.text for todo in team_todos.unsigned(number)] == [sentence]
    assert list(team_todos.unsigned(0)) == []
