"""What an officer and a member can type and choose. Nothing here says no to a person without saying what to do."""

import unicodedata
from typing import Any

from django import forms
from django.db import Error

from peersupport.program import vocabulary
from peersupport.program.widgets import ChoiceCards, PillBoxes, Pills
from peersupport.sealing.keyring import KeyMissing
from peersupport.sealing.receipt import NotAReceipt, parse, slips

from .actions import Typed
from .queries import Choices, Choosable
from .states import URGENCY_LABELS, Urgency
from .vault import TEXT_LIMIT

CONTACT_LIMIT = 200
MOST_SUGGESTED = 3

URGENCY_HINTS: dict[str, str] = {
    Urgency.NOW: "Tells everyone on call at once.",
    Urgency.TODAY: "One peer after another, within hours.",
    Urgency.WHEN_YOU_CAN: "No rush. Within a day or two.",
}
RECEIPT_SENTENCES = {
    "empty": "Type the seven words of your receipt.",
    "too_few": "That is fewer than seven words. All seven are needed, in their order.",
    "too_many": "That is more than seven words. Only the seven words of one receipt are needed.",
    "unknown_word": "One of these words is not from our list. Look for a letter that slipped.",
}


# A full disk, a volume that is away, a database that is too busy: a send may fail without anybody's fault.
FAILURES = (OSError, Error, KeyMissing)
NOT_SENT = (
    "Something broke on our side, so this may not have been sent. What you typed is all here: please press Send once "
    "more, it goes out only once. If it cannot wait, call or text 988."
)


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


class RequestForm(forms.Form):
    """All but how soon, and having read what stands above it, may stay empty."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    urgency = forms.ChoiceField(
        label="How soon?",
        choices=[(u.value, URGENCY_LABELS[u]) for u in Urgency],
        widget=ChoiceCards(choices_hints=URGENCY_HINTS),
        error_messages={"required": "Choose how soon somebody should answer."},
    )
    concern = forms.ChoiceField(
        label="What is it about?",
        help_text="Leave it open if you'd rather not say.",
        choices=[*vocabulary.CONCERN.choices, ("", "Rather not say")],
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": "Choose one of these, or leave it open."},
    )
    message = PlainText(
        label="What should the peer know?",
        help_text="As much or as little as you like. Nothing at all is fine too.",
        limit=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "autocomplete": "off"}),
    )
    contact = PlainText(
        label="Rather be called or texted?",
        help_text="A number and when it is safe. Your peer may then know who you are.",
        limit=CONTACT_LIMIT,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    wanted = forms.TypedChoiceField(
        label="Is there somebody you would rather talk to?",
        help_text="They are asked first.",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "This person is no longer on the team. Please choose again."},
    )
    anyone_else = forms.BooleanField(
        label="Somebody else, if they can't",
        help_text="Without this it waits for this one person. With “Now” everyone on call is asked at once.",
        initial=True,
        required=False,
    )
    not_these = forms.TypedMultipleChoiceField(
        label="Is there somebody it should not go to?",
        help_text="They are not told.",
        coerce=int,
        required=False,
        widget=PillBoxes,
        error_messages={"invalid_choice": "One of these names is no longer on the team. Please choose again."},
    )
    not_unit = forms.ChoiceField(
        label="Nobody from this unit",
        required=False,
        widget=forms.Select,
        error_messages={"invalid_choice": "Choose one of these units, or leave it open."},
    )
    other_agency = forms.BooleanField(label="Only somebody from another agency", required=False)
    supervisor_ok = forms.BooleanField(
        label="A supervisor would be all right too",
        help_text="Otherwise no supervisor is asked.",
        required=False,
    )
    language = forms.ChoiceField(
        label="Would another language be easier?",
        help_text="Whoever speaks it is asked first.",
        required=False,
        widget=forms.Select,
        error_messages={"invalid_choice": "Choose one of these languages, or leave it open."},
    )
    kind = forms.ChoiceField(
        label="Who would you rather talk to?",
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": "Choose one of these, or leave it open."},
    )
    gender = forms.ChoiceField(
        label="A woman or a man?",
        help_text="Asked first, where somebody has said so of themselves.",
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": "Choose one of these, or leave it open."},
    )
    understood = forms.BooleanField(
        label="I have read what stays between us, and where that ends.",
        error_messages={"required": "Please read what stands above the first question, and tick this."},
    )

    def __init__(self, *args: Any, choosable: Choosable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(unit, unit) for unit in choosable.units]
        lists: dict[str, tuple[str, Choices]] = {
            "wanted": ("Anybody", choosable.names),
            "not_these": ("", choosable.names),
            "not_unit": ("Any unit", units),
            "language": ("English is fine", choosable.languages),
            "kind": ("Anybody", choosable.kinds),
            "gender": ("Either is fine", choosable.genders),
        }
        for name, (open_choice, choices) in lists.items():
            if not choices:
                del self.fields[name]
                continue
            blank = [("", open_choice)] if open_choice else []
            self.fields[name].choices = [*blank, *choices]  # type: ignore[attr-defined]
        if "wanted" not in self.fields:
            del self.fields["anyone_else"]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if chosen.get("wanted") and chosen["wanted"] in chosen.get("not_these", []):
            self.add_error("wanted", "You chose the same person below as somebody it should not go to.")
        return chosen

    def typed(self) -> Typed:
        chosen = self.cleaned_data
        return Typed(
            urgency=Urgency(chosen["urgency"]),
            concern=chosen["concern"],
            message=chosen["message"],
            contact=chosen["contact"],
            wanted=chosen.get("wanted"),
            anyone_else=not chosen.get("wanted") or chosen["anyone_else"],
            not_these=tuple(sorted(set(chosen.get("not_these", [])))),
            not_unit=chosen.get("not_unit", ""),
            other_agency=chosen["other_agency"],
            supervisor_ok=chosen["supervisor_ok"],
            language=chosen.get("language", ""),
            kind=chosen.get("kind", ""),
            gender=chosen.get("gender", ""),
        )


class ReturnForm(forms.Form):
    receipt = forms.CharField(
        label="Your seven words",
        help_text="Capital letters, commas and hyphens do not matter.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "autocorrect": "off"}
        ),
        error_messages={"required": RECEIPT_SENTENCES["empty"]},
        max_length=400,
    )
    own_phone = forms.BooleanField(
        label="This is my own phone: keep me in for 7 days",
        help_text="Otherwise this page closes after 20 minutes without use.",
        required=False,
    )
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def clean_receipt(self) -> tuple[str, ...]:
        try:
            return parse(self.cleaned_data["receipt"])
        except NotAReceipt as error:
            raise forms.ValidationError(_what_slipped(self.cleaned_data["receipt"], error)) from error


def _what_slipped(typed: str, error: NotAReceipt) -> str:
    """What to mend. Made of the typed words and the public list alone: whether a request exists is not asked here."""
    near = [(fragment, words) for fragment, words in slips(typed) if 0 < len(words) <= MOST_SUGGESTED]
    if error.reason != "unknown_word" or not near:
        return RECEIPT_SENTENCES[error.reason]
    meant = [f"For “{fragment}”, did you mean “{'” or “'.join(words)}”?" for fragment, words in near]
    return " ".join(["Not all of these words are from our list.", *meant])


class MessageForm(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    text = PlainText(
        label="Write",
        limit=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "autocomplete": "off"}),
        error_messages={"required": "There is nothing to send yet."},
    )


class BoundariesForm(forms.Form):
    concerns = forms.MultipleChoiceField(
        label="Not now",
        help_text="You are not asked about these. Nobody else sees this, and you need not say why.",
        choices=vocabulary.CONCERN.choices,
        required=False,
        widget=PillBoxes,
    )


def _closed_list(words: vocabulary.Vocabulary, label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[*words.choices, ("", "Leave open")], required=False, widget=Pills)


class TallyForm(forms.Form):
    """Closed lists only. Every one may be left open, and what is left open is not counted."""

    first_this_year = forms.ChoiceField(
        label="As far as you know, is this the person's first contact with the program this year?",
        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "I don't know")],
        widget=Pills,
        error_messages={"required": "Choose one. “I don't know” is a good answer."},
    )
    concern = _closed_list(vocabulary.CONCERN, "What was it mainly about?")
    mode = _closed_list(vocabulary.MODE, "How did you mostly talk?")
    origin = _closed_list(vocabulary.ORIGIN, "How did it come about?")
    receiver = _closed_list(vocabulary.RECEIVER, "Who was it?")
    duration = _closed_list(vocabulary.DURATION, "How long did it take, all in all?")
    response = _closed_list(vocabulary.RESPONSE, "How long until you said yes?")
    first_referral = forms.ChoiceField(
        label="Is a referral the first one this person was offered this year?",
        choices=[("yes", "Yes"), ("no", "No"), ("", "Leave open")],
        required=False,
        widget=Pills,
    )
    referral = _closed_list(vocabulary.REFERRAL, "Which referral did you offer?")

    VECTORS = ("concern", "mode", "origin", "receiver", "duration", "response")

    @property
    def is_first_this_year(self) -> bool:
        return bool(self.cleaned_data["first_this_year"] == "yes")

    @property
    def is_first_referral(self) -> bool:
        return bool(self.cleaned_data["first_referral"] == "yes" and self.cleaned_data["referral"])

    def codes(self) -> dict[str, str]:
        """What counts: person-level codes only for a first contact, the referral only for a first referral."""
        counted = self.VECTORS if self.is_first_this_year else ()
        codes = {vector: self.cleaned_data[vector] for vector in counted if self.cleaned_data[vector]}
        if self.is_first_referral:
            codes["referral"] = self.cleaned_data["referral"]
        return codes
