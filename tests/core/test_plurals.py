import pytest

from peersupport.core.plurals import in_words


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0"), (1, "one"), (2, "two"), (9, "nine"), (10, "10"), (1234, "1234")]
)
def test_one_to_nine_are_spelled_out(number: int, words: str) -> None:
    assert in_words(number) == words
