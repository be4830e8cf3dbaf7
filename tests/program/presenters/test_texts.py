"""How a text of the program and its versions are named."""

from datetime import date

import pytest

from peersupport.program.models import ProgramText
from peersupport.program.presenters import texts
from peersupport.program.queries import TextStatus

NAME = ProgramText.Name.AGREEMENT
BUILT_IN = ProgramText(name=NAME, version=0)
DRAFT = ProgramText(name=NAME, version=3)
APPROVED = ProgramText(name=NAME, version=2, approved_on=date(2026, 11, 28))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BUILT_IN, "This text came with the program; the agency hasn't approved its own yet."),
        (APPROVED, "Version 2, approved November 28, 2026."),
    ],
)
def test_a_text_that_applies_says_who_stands_behind_it(text, said):
    assert texts.approval(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BUILT_IN, "The text that came with the program"),
        (DRAFT, "Version 3, never approved"),
        (APPROVED, "Version 2, approved November 28, 2026"),
    ],
)
def test_label_of_an_earlier_version(text, said):
    assert texts.version_label(text) == said


@pytest.mark.parametrize(
    ("newest", "current", "said", "needs_attention"),
    [
        (BUILT_IN, BUILT_IN, "It came with the program, and nobody here has approved it", True),
        (DRAFT, APPROVED, "Version 3 is waiting for approval", True),
        (APPROVED, APPROVED, "Version 2, approved November 28, 2026", False),
    ],
)
def test_list_says_which_texts_need_somebody(newest, current, said, needs_attention):
    [row] = texts.text_rows([TextStatus(newest, current)])
    assert row == texts.TextRow(NAME, "Confidentiality agreement", said, needs_attention)
