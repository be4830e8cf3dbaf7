"""Every letter reads as a person would write it."""

from pathlib import Path

import pytest

from applications.domain.letter_texts import LETTERS

FOLDER = Path(__file__).parents[2] / "templates" / "applications" / "letters"
WRITTEN = {path.stem: path.read_text() for path in FOLDER.glob("*.txt")}
ALL = {name: text for name, text in {**WRITTEN, **LETTERS}.items() if "\n\n" in text and name != "decision"}


@pytest.mark.parametrize("name", ALL)
def test_what_follows_the_greeting_is_a_sentence(name):
    greeting, first = ALL[name].split("\n\n")[:2]
    assert greeting.endswith(",")
    assert first[0].isupper() or first.startswith("{{ candidate }}")
