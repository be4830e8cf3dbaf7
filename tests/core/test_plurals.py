import pytest

from peersupport.core.plurals import in_words, with_number


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0"), (1, "one"), (2, "two"), (9, "nine"), (10, "10"), (1234, "1234")]
)
def test_one_to_nine_are_spelled_out(number: int, words: str) -> None:
    assert in_words(number) == words


@pytest.mark.parametrize(("number", "text"), [(1, "One at most"), (3, "Three at most"), (12, "12 at most")])
def test_a_number_that_comes_first_has_a_capital(number: int, text: str) -> None:
    assert with_number("%(number)s at most", number) == text
