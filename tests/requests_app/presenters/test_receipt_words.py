"""What to correct in the seven words."""

import pytest

from requests_app.presenters.receipt_words import correction


@pytest.mark.parametrize(
    ("near", "said"),
    [
        (("abdomen",), "For “abdomne”, did you mean “abdomen”?"),
        (("a", "b"), "For “abdomne”, did you mean “a” or “b”?"),
        (("a", "b", "c"), "For “abdomne”, did you mean “a”, “b” or “c”?"),
        (("a", "b", "c", "d"), "Check the spelling of “abdomne”."),
    ],
)
def test_suggestions(near: tuple[str, ...], said: str) -> None:
    assert correction([("abdomne", near)]) == f"Not all of these words are on our list. {said}"


def test_each_word_that_is_not_listed_is_named() -> None:
    said = correction([("abdomne", ("abdomen",)), ("abacsu", ("abacus",))])
    assert "“abdomne”" in said and "“abacsu”" in said
