"""Every mail and letter starts as a person would write it."""

from pathlib import Path

import pytest

from applications.actions import mails
from applications.domain.default_texts import LETTERS

MAILS = Path(__file__).parents[2] / "templates" / "applications" / "mails"
TEMPLATES = {path.stem: path.read_text() for path in MAILS.glob("*.txt")}
ALL = {name: text for name, text in {**TEMPLATES, **LETTERS}.items() if "\n\n" in text and name != "decision"}


def test_every_kind_of_mail_has_a_template():
    assert set(TEMPLATES) == {kind.value for kind in mails.ApplicationMailKind}


@pytest.mark.parametrize("name", ALL)
def test_greeting_is_followed_by_sentence(name):
    greeting, first = ALL[name].split("\n\n")[:2]
    assert greeting.endswith(",")
    assert first[0].isupper() or first.startswith("{{ candidate }}")
