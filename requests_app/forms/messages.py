"""What both sides can type. No error message says no without saying what to do."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import Error
from django.utils.translation import gettext_lazy as _

from peersupport.program import form_tokens
from peersupport.sealing.keyring import KeyMissing

from ..actions.threads import TOKEN_PURPOSE
from ..vault import TEXT_LIMIT

MAX_DIGITS = 10
NO_NUMBER = -1  # where something else was posted: fits no turn and no message, so a guard refuses it
# What may go wrong with a send that is nobody's fault: a full disk, a missing volume, a busy database.
FAILURES = (OSError, Error, KeyMissing)
NOT_SENT = _(
    "Something went wrong on our side, so this may not have been sent. What you typed is still here. Please press "
    "“Send” again; it's sent only once. If it can't wait, call or text 988."
)


def posted_number(data: Mapping[str, str], name: str) -> int | None:
    """A number from a hidden field, such as the last message on the page. None without the field."""
    if name not in data:
        return None
    number = number_in(data[name])
    return NO_NUMBER if number is None else number


def number_in(text: str) -> int | None:
    """The number that somebody's form sent; None for anything else."""
    return int(text) if text.isdecimal() and len(text) < MAX_DIGITS else None


class PlainText(forms.CharField):
    """Text as a person typed it, without control characters and lone surrogates.

    limit: in characters. It is checked here, because a browser would cut a long text without saying so.
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
                _(
                    "This is %(length)s characters long, and only %(limit)s fit. Nothing is lost. Please make it "
                    "shorter here."
                ),
                params={"length": f"{len(value):,}", "limit": f"{self.limit:,}"},
            )


class MessageForm(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    text = PlainText(
        label=_("Write"),
        limit=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Write something first, then press “Send”.")},
    )


REFRESH_BUTTON = "look"  # beside Send: sends nothing, and keeps what was typed


def new_message_form(text: str = "", *, token: str = "") -> MessageForm:
    """A form with this token or a fresh one, and with what was typed before."""
    return MessageForm(initial={"token": token or form_tokens.fresh(TOKEN_PURPOSE), "text": text})
