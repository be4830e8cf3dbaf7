import pytest
from hypothesis import given
from hypothesis import strategies as st

from peersupport.program.domain import defaults
from peersupport.program.domain.prose import Block, blocks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\n \r\n", []),
        ("One\nline", [Block(False, ("One line",))]),
        ("One\r\n\r\nTwo", [Block(False, ("One",)), Block(False, ("Two",))]),
        ("When:\n- a\n- b\nand more", [Block(False, ("When:",)), Block(True, ("a", "b and more"))]),
        ("-not an item", [Block(False, ("-not an item",))]),
    ],
)
def test_text_is_split_into_blocks(text, expected):
    assert blocks(text) == expected


@given(st.text())
def test_no_word_is_lost(text):
    kept = " ".join(line for block in blocks(text) for line in block.lines)
    letters = [sign for sign in text if sign.isalnum()]
    assert [sign for sign in kept if sign.isalnum()] == letters


def test_built_in_exceptions_are_a_list_between_two_paragraphs():
    assert [block.is_list for block in blocks(defaults.EXCEPTIONS)] == [False, True, False]
