"""A thread as either side reads it."""

import pytest

from requests_app.domain.card import Words
from requests_app.domain.states import Author
from requests_app.message_vault import ThreadMessage
from requests_app.presenters.messages import ShownMessage, shown_messages


def message(author: Author, number: int, *, is_earlier: bool = False) -> ThreadMessage:
    return ThreadMessage(author, number=number, half_hour=0, text=f"text {number}", is_earlier=is_earlier)


def test_first_message_names_the_side_that_wrote_it() -> None:
    words = Words("I can't sleep.", "555-0100")
    (own,) = shown_messages(words, [], own=Author.OFFICER, other="Ana Alvarez")
    (theirs,) = shown_messages(words, [], own=Author.PEER, other="Officer")
    assert (own.who, own.contact_label, own.is_own) == ("You · first message", "How to reach you:", True)
    assert (theirs.who, theirs.contact_label, theirs.is_own) == ("Officer · first message", "How to reach them:", False)
    assert {shown.text for shown in (own, theirs)} == {words.message} and own.contact == theirs.contact == "555-0100"


@pytest.mark.parametrize("words", [None, Words()])
def test_nothing_is_shown_where_nothing_was_written(words: Words | None) -> None:
    assert shown_messages(words, [], own=Author.OFFICER, other="Ana Alvarez") == []


def test_officer_sees_what_is_new_and_what_was_not_opened_yet() -> None:
    thread = [
        message(Author.PEER, 1, is_earlier=True),
        message(Author.OFFICER, 2),
        message(Author.PEER, 3),
        message(Author.OFFICER, 4),
    ]
    shown = shown_messages(None, thread, own=Author.OFFICER, other="Ben Brandt", seen=2, seen_by_other=3)
    assert shown == [
        ShownMessage("An earlier peer", "text 1", is_own=False),
        ShownMessage("You", "text 2", is_own=True),
        ShownMessage("Ben Brandt", "text 3", is_own=False, is_new=True),
        ShownMessage("You · not opened yet", "text 4", is_own=True),
    ]


def test_the_last_message_that_was_seen_is_not_new() -> None:
    thread = [message(Author.PEER, 1), message(Author.OFFICER, 2)]
    shown = shown_messages(None, thread, own=Author.OFFICER, other="Ben Brandt", seen=1, seen_by_other=2)
    assert [(each.who, each.is_new) for each in shown] == [("Ben Brandt", False), ("You", False)]


def test_where_nothing_is_known_of_what_was_seen_nothing_is_said_of_it() -> None:
    thread = [message(Author.PEER, 1, is_earlier=True), message(Author.PEER, 2), message(Author.OFFICER, 3)]
    shown = shown_messages(None, thread, own=Author.PEER, other="Officer")
    assert [(each.who, each.is_own, each.is_new) for each in shown] == [
        ("An earlier peer", False, False),
        ("You", True, False),
        ("Officer", False, False),
    ]
