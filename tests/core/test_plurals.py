import pytest

from peersupport.core.plurals import counted


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (0, "0 requests"),
        (1, "one request"),
        (2, "two requests"),
        (9, "nine requests"),
        (10, "10 requests"),
        (1234, "1234 requests"),
    ],
)
def test_counted_spells_out_one_to_nine(number: int, sentence: str) -> None:
    assert counted(number, "request", "requests") == sentence
