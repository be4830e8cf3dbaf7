"""What a member reads of a request, before and after accepting it."""

import pytest

from requests_app.domain.matching import MatchReason
from requests_app.presenters import contact


def test_concern_sentence() -> None:
    assert contact.concern_sentence("grief") == "What it's about: <strong>Grief or loss</strong>."
    assert contact.concern_sentence("") == "They'd rather not say yet what it's about."


@pytest.mark.parametrize(
    ("gender", "said"),
    [
        ("woman", ["They'd rather talk to a woman."]),
        ("man", ["They'd rather talk to a man."]),
        ("nonbinary", ["They'd rather talk to someone non-binary."]),
        ("", []),
    ],
)
def test_reason_by_gender(gender: str, said: list[str]) -> None:
    assert contact.reason_sentences([MatchReason.GENDER], gender) == said


def test_reasons_keep_their_order() -> None:
    reasons = contact.reason_sentences([MatchReason.WANTED, MatchReason.TRAINED], "")
    assert reasons == ["They asked to talk to you.", "You're current in the training this needs."]


def test_closing_sentence_says_what_closing_does_either_way() -> None:
    for is_suggested in (True, False):
        said = contact.closing_sentence(is_suggested=is_suggested)
        assert said.startswith("You suggested closing.") is is_suggested
        assert "everything written is erased, for both of you" in said and said.endswith("You can't undo it.")


@pytest.mark.parametrize(
    ("is_counted", "is_erased", "said"),
    [
        (True, True, "Closed and erased."),
        (False, True, "Closed and erased. There's nothing to tally."),
        (True, False, "Closed. The key is being destroyed, which takes a few minutes."),
        (False, False, "Closed, with nothing to tally. The key is being destroyed, which takes a few minutes."),
    ],
)
def test_closed_sentence(is_counted: bool, is_erased: bool, said: str) -> None:
    assert contact.closed_sentence(is_counted=is_counted, is_erased=is_erased) == said


def test_contact_that_is_gone_may_still_be_there_to_tally() -> None:
    nothing, tally = (contact.unavailable_sentence(has_tallies=has_tallies) for has_tallies in (False, True))
    assert nothing.endswith("There's nothing left for you to do.") and tally.endswith("You may still have it to tally.")


def test_closing_note_is_called_erased_only_once_it_is() -> None:
    erased, not_yet = (contact.closing_note_sentence(is_erased=is_erased) for is_erased in (True, False))
    assert "erased already" in erased and "destroyed" not in erased
    assert "erased" not in not_yet and "is being destroyed" in not_yet
