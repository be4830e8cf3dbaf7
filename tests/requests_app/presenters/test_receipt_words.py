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


def test_word_that_is_near_none_is_named_if_it_is_the_only_one() -> None:
    assert correction([("zzzz", ())]) == "One of these words isn't on our list: “zzzz”. Please check the spelling."
    for slips in ([("zzzz", ()), ("yyyy", ())], [("abacusabdomenabdominalzzzz", ())]):
        assert correction(slips) == "One of these words isn't on our list. Please check the spelling."


def test_each_word_that_is_not_listed_is_named() -> None:
    said = correction([("abdomne", ("abdomen",)), ("abacsu", ("abacus",))])
    assert "“abdomne”" in said and "“abacsu”" in said
