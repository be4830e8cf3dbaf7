"""What an officer can type and choose. No error message says no without saying what to do."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peersupport.program import vocabulary
from peersupport.program.forms.widgets import ChoiceCards, PillBoxes, Pills
from peersupport.sealing.receipt import NotAReceipt, parse, slips

from ..actions.submission import Submission
from ..domain.card import Card, Words
from ..domain.matching import Waiver
from ..domain.states import CLOSING_NOTES, URGENCY_LABELS, Urgency
from ..queries.officers import Choices, PreferenceChoices
from ..vault import TEXT_LIMIT
from .messages import PlainText

CONTACT_LIMIT = 200
MAX_SUGGESTIONS = 3

URGENCY_HINTS: dict[str, str] = {
    Urgency.NOW: _("Tells everyone on call at once."),
    Urgency.TODAY: _("One peer after another, within hours."),
    Urgency.WHEN_YOU_CAN: _("No rush. Within a day or two."),
}
RECEIPT_ERRORS = {
    "empty": _("Type the seven words of your receipt."),
    "too_few": _("That is fewer than seven words. All seven are needed, in their order."),
    "too_many": _("That is more than seven words. Only the seven words of one receipt are needed."),
    "unknown_word": _("One of these words is not from our list. Look for a letter that slipped."),
}
OWN_WORDS_LIMIT = 500
NO_LONGER_OFFERED = _(
    "What you chose under “{}” can't be had any more. If it is all right without, press Send once more."
)
HOW_SOON = _("Choose how soon somebody should answer.")
# The fields in the folded part of the request form: whom it should and should not go to.
PREFERENCE_FIELDS = ("wanted", "not_these", "not_unit", "language", "kind", "gender")


class RequestForm(forms.Form):
    """All may stay empty but the urgency, and the box that confirms the terms above the form."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    program_word = forms.CharField(widget=forms.HiddenInput, required=False)
    urgency = forms.ChoiceField(
        label=_("How soon?"),
        choices=[(u.value, URGENCY_LABELS[u]) for u in Urgency],
        widget=ChoiceCards(choices_hints=URGENCY_HINTS),
        error_messages={"required": HOW_SOON, "invalid_choice": HOW_SOON},
    )
    concern = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[*vocabulary.CONCERN.choices, ("", _("Rather not say"))],
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": _("Choose one of these, or leave it open.")},
    )
    message = PlainText(
        label=_("What should the peer know?"),
        help_text=_("As much or as little as you like. Nothing at all is fine too."),
        limit=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "autocomplete": "off"}),
    )
    contact = PlainText(
        label=_("Rather be called or texted?"),
        help_text=_("A number and when it is safe. Your peer may then know who you are."),
        limit=CONTACT_LIMIT,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    wanted = forms.TypedChoiceField(
        label=_("Is there somebody you would rather talk to?"),
        help_text=_("They are asked first."),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("This person is no longer on the team. Please choose again.")},
    )
    anyone_else = forms.BooleanField(
        label=_("Somebody else, if they can't"),
        help_text=_("With “Now” everyone on call is asked at once then. Without this it waits for this one person."),
        initial=True,
        required=False,
    )
    not_these = forms.TypedMultipleChoiceField(
        label=_("Is there somebody it should not go to?"),
        help_text=_("They are not told."),
        coerce=int,
        required=False,
        widget=PillBoxes,
        error_messages={"invalid_choice": _("One of these names is no longer on the team. Please choose again.")},
    )
    not_unit = forms.ChoiceField(
        label=_("Nobody from this unit"),
        help_text=_(
            "If nobody else is free, somebody from there may be asked after all. Names you leave out never are."
        ),
        required=False,
        widget=forms.Select,
        error_messages={"invalid_choice": _("Choose one of these units, or leave it open.")},
    )
    other_agency = forms.BooleanField(label=_("Only somebody from another agency"), required=False)
    supervisor_ok = forms.BooleanField(
        label=_("A supervisor would be all right too"),
        help_text=_("Otherwise no supervisor is asked."),
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Would another language be easier?"),
        help_text=_("Whoever speaks it is asked first."),
        required=False,
        widget=forms.Select,
        error_messages={"invalid_choice": _("Choose one of these languages, or leave it open.")},
    )
    kind = forms.ChoiceField(
        label=_("Who would you rather talk to?"),
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": _("Choose one of these, or leave it open.")},
    )
    gender = forms.ChoiceField(
        label=_("A woman or a man?"),
        help_text=_("Asked first, where somebody has said so of themselves."),
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": _("Choose one of these, or leave it open.")},
    )
    understood = forms.BooleanField(
        label=_("I have read what stays between us, and where that ends."),
        error_messages={"required": _("Please read “What stays between you”, then check this box.")},
    )

    def __init__(
        self, *args: Any, choices: PreferenceChoices, is_now_offered: bool, shows_names: bool, **kwargs: Any
    ) -> None:
        """A choice that was on the page when the officer made it still counts, even where it no longer is.

        Names are in the form as hidden fields where they can't be shown, and "Now" can be submitted.
        """
        super().__init__(*args, **kwargs)
        self.is_now_offered, self.shows_names = is_now_offered, shows_names
        self.no_longer_offered: dict[str, str] = {}
        self.hidden_excluded_members: list[str] = []
        offered = [u for u in Urgency if is_now_offered or u != Urgency.NOW]
        self.fields["urgency"].widget.choices = [(u.value, URGENCY_LABELS[u]) for u in offered]  # type: ignore[attr-defined]
        self._set_choices("wanted", "Anybody", choices.names)
        self._set_choices("not_these", "", choices.names, valid=choices.excludable_members)
        self._set_choices(
            "not_unit", _("Any unit"), _unit_choices(choices.units), valid=_unit_choices(choices.excludable_units)
        )
        self.shows_units = "not_unit" in self.fields and len(self.fields["not_unit"].widget.choices) > 1  # type: ignore[attr-defined]
        self._set_choices("language", _("English is fine"), choices.languages)
        self._set_choices("kind", "Anybody", choices.kinds)
        self._set_choices("gender", _("Either is fine"), choices.genders)
        if "wanted" not in self.fields:
            del self.fields["anyone_else"]

    def _set_choices(self, name: str, no_choice: str, shown: Choices, *, valid: Choices = ()) -> None:
        """Offer these choices, or remove a field that has none. valid: what counts even if it is no longer shown."""
        if not shown and not valid:
            self.no_longer_offered[name] = str(self.fields.pop(name).label)
            return
        blank = [("", no_choice)] if no_choice else []
        self.fields[name].choices = [*blank, *(valid or shown)]  # type: ignore[attr-defined]
        self.fields[name].widget.choices = [*blank, *shown, *self._retained(name, valid, shown)]  # type: ignore[attr-defined]

    def _retained(self, name: str, valid: Choices, shown: Choices) -> Choices:
        """Choices that were made while they were shown, and come back with the form; people, without their names."""
        typed = self.data.getlist(name) if self.is_bound else []  # type: ignore[attr-defined]
        kept = [choice for choice in valid if choice not in shown and str(choice[0]) in typed]
        if name != "not_these":
            return kept
        self.hidden_excluded_members = [str(value) for value, _ in kept]
        return []

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        for name, label in self.no_longer_offered.items():
            if self.data.get(name):
                self.add_error(None, NO_LONGER_OFFERED.format(label))
        if chosen.get("wanted") and chosen["wanted"] in chosen.get("not_these", []):
            self.add_error("wanted", _("You chose the same person below as somebody it should not go to."))
        return chosen

    @property
    def has_preference_errors(self) -> bool:
        """Whether the folded part of the form has an error."""
        return any(name in self.errors for name in PREFERENCE_FIELDS)

    def submission(self) -> Submission:
        chosen = self.cleaned_data
        card = Card(
            urgency=Urgency(chosen["urgency"]),
            concern=chosen["concern"],
            wanted=chosen.get("wanted"),
            anyone_else=not chosen.get("wanted") or chosen["anyone_else"],
            excluded_members=frozenset(chosen.get("not_these", [])),
            excluded_unit=chosen.get("not_unit", ""),
            other_agency=chosen["other_agency"],
            supervisor_ok=chosen["supervisor_ok"],
            language=chosen.get("language", ""),
            kind=chosen.get("kind", ""),
            gender=chosen.get("gender", ""),
        )
        return Submission(card, Words(chosen["message"], chosen["contact"]))


def _unit_choices(units: Sequence[str]) -> list[tuple[int | str, str]]:
    return [(unit, unit) for unit in units]


class ReturnForm(forms.Form):
    receipt = forms.CharField(
        label=_("Your seven words"),
        help_text=_("Capital letters, commas and hyphens do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "autocorrect": "off"}
        ),
        error_messages={"required": RECEIPT_ERRORS["empty"]},
        max_length=400,
    )
    own_phone = forms.BooleanField(
        label=_("This is my own phone: keep me in for 7 days"),
        help_text=_("Otherwise this page closes after 20 minutes without use."),
        required=False,
    )
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    own_words = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    yield_training = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def clean_receipt(self) -> tuple[str, ...]:
        try:
            return parse(self.cleaned_data["receipt"])
        except NotAReceipt as error:
            raise forms.ValidationError(_correction(self.cleaned_data["receipt"], error)) from error


def _correction(typed: str, error: NotAReceipt) -> str:
    """What to correct. Uses only the typed words and the public word list, never whether a request exists."""
    near = [(fragment, words) for fragment, words in slips(typed) if words]
    if error.reason != "unknown_word" or not near:
        return RECEIPT_ERRORS[error.reason]
    return " ".join([_("Not all of these words are from our list."), *(_suggestion(*slip) for slip in near)])


def _suggestion(fragment: str, words: tuple[str, ...]) -> str:
    if len(words) > MAX_SUGGESTIONS:
        return f"Look at the letters of “{fragment}” again."
    return f"For “{fragment}”, did you mean “{'” or “'.join(words)}”?"


class CloseForm(forms.Form):
    """Everything may stay empty: closing takes one press."""

    last_word = forms.ChoiceField(
        label=_("A last word to your peer?"),
        help_text=_("It waits for them alone, for a week at most, and opens once. Then it is gone too."),
        choices=[*CLOSING_NOTES.items(), ("", _("No last word"))],
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": _("Choose one of these, or no last word.")},
    )
    own_words = PlainText(
        label=_("Or in your own words"),
        limit=OWN_WORDS_LIMIT,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    feedback = forms.ChoiceField(
        label=_("Did it help?"),
        help_text=_("Counted for the yearly report, as a number and nothing else. Your peer does not see it."),
        choices=[*vocabulary.FEEDBACK.choices, ("", _("Rather not say"))],
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": _("Choose one of these, or rather not say.")},
    )

    def note(self) -> str:
        """What the peer reads: the sentence that was chosen, and below it the officer's own words."""
        chosen = self.cleaned_data
        return "\n".join(
            part for part in (CLOSING_NOTES.get(chosen["last_word"], ""), chosen["own_words"].strip()) if part
        )


class NextPeerForm(forms.Form):
    """Before it is offered to somebody else. yield_training, widening: what the officer waives by this press."""

    next_may_read = forms.TypedChoiceField(
        label=_("What may the next one read?"),
        choices=[("", _("Only what I wrote first")), ("yes", _("All that the two of us wrote"))],
        coerce=bool,
        empty_value="",
        required=False,
        widget=ChoiceCards,
    )
    yield_training = forms.BooleanField(widget=forms.HiddenInput, required=False)
    widening = forms.TypedChoiceField(
        choices=[(each.value, each.value) for each in Waiver], coerce=Waiver, empty_value=None, required=False
    )
