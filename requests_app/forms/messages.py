"""What both sides can type, and what a member can choose. Nothing here says no without saying what to do."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import Error

from peersupport.program import form_tokens, vocabulary
from peersupport.program.forms.widgets import PillBoxes
from peersupport.sealing.keyring import KeyMissing

from ..vault import TEXT_LIMIT

MOST_DIGITS = 10
# A full disk, a volume that is away, a database that is too busy: a send may fail without anybody's fault.
FAILURES = (OSError, Error, KeyMissing)
NOT_SENT = (
    "Something broke on our side, so this may not have been sent. What you typed is all here: please press Send once "
    "more, it goes out only once. If it cannot wait, call or text 988."
)


def number_on(typed: Mapping[str, str], name: str) -> int | None:
    """A number that a page carries hidden: how far it had got when it was shown. None where it bears none."""
    text = typed.get(name, "")
    return int(text) if text.isdecimal() and len(text) < MOST_DIGITS else None


class PlainText(forms.CharField):
    """Text as a person typed it, without characters that cannot be seen or printed.

    The length is checked here and not by the browser, which would cut a long text without a word.
    """

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        self.limit = limit
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        visible = "".join(c for c in text if c == "\n" or c == "\t" or unicodedata.category(c) not in {"Cc", "Cs"})
        return super().to_python(visible) or ""

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.limit:
            raise forms.ValidationError(
                f"This is {len(value):,} characters long; {self.limit:,} fit. "
                "Nothing is lost: please make it shorter here."
            )


class MessageForm(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    text = PlainText(
        label="Write",
        limit=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "autocomplete": "off"}),
        error_messages={"required": "There is nothing to send yet."},
    )


LOOKS_AGAIN = "look"  # the button beside Send: nothing is sent, and nothing that was typed is lost


def fresh_message(text: str = "") -> MessageForm:
    """Ready to be sent, with what was typed before."""
    return MessageForm(initial={"token": form_tokens.fresh("write"), "text": text})


class BoundariesForm(forms.Form):
    concerns = forms.MultipleChoiceField(
        label="Not now",
        help_text="You are not asked about these. No page shows it to anybody else, and you need not say why.",
        choices=vocabulary.CONCERN.choices,
        required=False,
        widget=PillBoxes,
    )
    experiences = forms.MultipleChoiceField(
        label="What you have lived through",
        help_text="Who asks about something near it is offered to you first. Nobody is told why.",
        choices=vocabulary.EXPERIENCE.choices,
        required=False,
        widget=PillBoxes,
    )
