"""Every mail and letter starts as a person would write it, and reads well whatever is filled in."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from applications.actions import mails
from applications.actions.mails import ApplicationMailKind
from applications.domain.default_texts import LETTERS

MAILS = Path(__file__).parents[2] / "templates" / "applications" / "mails"
EVENING = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)


def text_of_mail(kind: ApplicationMailKind, reference: str = "reference", starts_at: datetime | None = EVENING) -> str:
    context = {
        "program": SimpleNamespace(agency="Sheriff's Office"),
        "link": "https://example.org/apply/",
        "candidate": "Cory O'Neil",
        "reference": SimpleNamespace(name="Rita", kind=reference),
        "interview": SimpleNamespace(starts_at=starts_at, place="Room 2", minutes=45),
        "times": [SimpleNamespace(starts_at=EVENING)],
        "letter": "Dear Cory,\n\nThank you.",
    }
    return render_to_string(f"applications/mails/{kind.value}.txt", context)


ALL = {
    **{kind.value: text_of_mail(kind) for kind in ApplicationMailKind},
    **{f"{kind.value} of a supervisor": text_of_mail(kind, "endorsement") for kind in ApplicationMailKind},
    "interview_off without a time": text_of_mail(ApplicationMailKind.CANCELLED, starts_at=None),
    **LETTERS,
}


def test_every_kind_of_mail_has_a_template():
    assert {path.stem for path in MAILS.glob("*.txt")} == {kind.value for kind in mails.ApplicationMailKind}


@pytest.mark.parametrize("name", ALL)
def test_greeting_is_followed_by_sentence(name):
    greeting, first = ALL[name].split("\n\n")[:2]
    assert greeting.endswith(",") and "\n" not in greeting
    assert first[0].isupper()


@pytest.mark.parametrize("name", ALL)
def test_paragraphs_have_one_blank_line_between_them_and_no_stray_space(name):
    text = ALL[name]
    assert "\n\n\n" not in text and "  " not in text and "\n " not in text
    assert "&#x27;" not in text


def test_times_are_on_both_clocks():
    for kind in (ApplicationMailKind.TIMES, ApplicationMailKind.AGREED, ApplicationMailKind.CANCELLED):
        assert "Saturday, November 28, 2026, 3:00 p.m. (1500) CST" in text_of_mail(kind)


def test_a_supervisor_is_asked_as_such():
    for kind in (ApplicationMailKind.REFERENCE, ApplicationMailKind.REMINDER):
        assert "named you as their supervisor." in text_of_mail(kind, "endorsement")
        assert "named you as someone who knows them." in text_of_mail(kind)
