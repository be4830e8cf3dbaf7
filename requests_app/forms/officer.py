"""What an officer can type and choose. Nothing here says no to a person without saying what to do."""

from collections.abc import Sequence
from typing import Any

from django import forms

from peersupport.program import vocabulary
from peersupport.program.forms.widgets import ChoiceCards, PillBoxes, Pills
from peersupport.sealing.receipt import NotAReceipt, parse, slips

from ..actions.submission import Typed
from ..domain.matching import Widening
from ..domain.states import LAST_WORDS, URGENCY_LABELS, Urgency
from ..queries.officers import Choices, Choosable
from ..vault import TEXT_LIMIT
from .messages import PlainText

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
OWN_WORDS_LIMIT = 500
NO_LONGER_OFFERED = "What you chose under “{}” can't be had any more. If it is all right without, press Send once more."
HOW_SOON = "Choose how soon somebody should answer."


class RequestForm(forms.Form):
    """All but how soon, and having read what stands above it, may stay empty."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    program_word = forms.CharField(widget=forms.HiddenInput, required=False)
    urgency = forms.ChoiceField(
        label="How soon?",
        choices=[(u.value, URGENCY_LABELS[u]) for u in Urgency],
        widget=ChoiceCards(choices_hints=URGENCY_HINTS),
        error_messages={"required": HOW_SOON, "invalid_choice": HOW_SOON},
    )
    concern = forms.ChoiceField(
        label="What is it about?",
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
        help_text="With “Now” everyone on call is asked at once then. Without this it waits for this one person.",
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
        help_text="If nobody else is free, somebody from there may be asked after all. Names you leave out never are.",
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
        error_messages={"required": "Please read “What stays between you”, then check this box."},
    )

    def __init__(
        self, *args: Any, choosable: Choosable, is_now_offered: bool, shows_names: bool, **kwargs: Any
    ) -> None:
        """What was chosen while it was offered still counts: names lie in the form hidden, and "Now" goes out."""
        super().__init__(*args, **kwargs)
        self.is_now_offered, self.shows_names = is_now_offered, shows_names
        self.no_longer_offered: dict[str, str] = {}
        self.left_out_unseen: list[str] = []
        offered = [u for u in Urgency if is_now_offered or u != Urgency.NOW]
        self.fields["urgency"].widget.choices = [(u.value, URGENCY_LABELS[u]) for u in offered]  # type: ignore[attr-defined]
        self._offer("wanted", "Anybody", choosable.names)
        self._offer("not_these", "", choosable.names, taken=choosable.left_out)
        self._offer("not_unit", "Any unit", _each(choosable.units), taken=_each(choosable.left_out_units))
        self.shows_units = "not_unit" in self.fields and len(self.fields["not_unit"].widget.choices) > 1  # type: ignore[attr-defined]
        self._offer("language", "English is fine", choosable.languages)
        self._offer("kind", "Anybody", choosable.kinds)
        self._offer("gender", "Either is fine", choosable.genders)
        if "wanted" not in self.fields:
            del self.fields["anyone_else"]

    def _offer(self, name: str, open_choice: str, shown: Choices, *, taken: Choices = ()) -> None:
        """taken: what counts though it is not shown any more. A field with nothing to choose is not there."""
        if not shown and not taken:
            self.no_longer_offered[name] = str(self.fields.pop(name).label)
            return
        blank = [("", open_choice)] if open_choice else []
        self.fields[name].choices = [*blank, *(taken or shown)]  # type: ignore[attr-defined]
        self.fields[name].widget.choices = [*blank, *shown, *self._typed_of(name, taken, shown)]  # type: ignore[attr-defined]

    def _typed_of(self, name: str, taken: Choices, shown: Choices) -> Choices:
        """What was chosen while it was shown: it comes back with the form. Of people it comes back without the name."""
        typed = self.data.getlist(name) if self.is_bound else []  # type: ignore[attr-defined]
        kept = [choice for choice in taken if choice not in shown and str(choice[0]) in typed]
        if name != "not_these":
            return kept
        self.left_out_unseen = [str(value) for value, _ in kept]
        return []

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        for name, label in self.no_longer_offered.items():
            if self.data.get(name):
                self.add_error(None, NO_LONGER_OFFERED.format(label))
        if chosen.get("wanted") and chosen["wanted"] in chosen.get("not_these", []):
            self.add_error("wanted", "You chose the same person below as somebody it should not go to.")
        return chosen

    WHO = ("wanted", "not_these", "not_unit", "language", "kind", "gender")

    @property
    def has_trouble_with_who(self) -> bool:
        """Whether something that lies folded is wrong."""
        return any(name in self.errors for name in self.WHO)

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


def _each(units: Sequence[str]) -> list[tuple[int | str, str]]:
    return [(unit, unit) for unit in units]


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
    own_words = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    yield_training = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def clean_receipt(self) -> tuple[str, ...]:
        try:
            return parse(self.cleaned_data["receipt"])
        except NotAReceipt as error:
            raise forms.ValidationError(_what_slipped(self.cleaned_data["receipt"], error)) from error


def _what_slipped(typed: str, error: NotAReceipt) -> str:
    """What to mend. Made of the typed words and the public list alone: whether a request exists is not asked here."""
    near = [(fragment, words) for fragment, words in slips(typed) if words]
    if error.reason != "unknown_word" or not near:
        return RECEIPT_SENTENCES[error.reason]
    return " ".join(["Not all of these words are from our list.", *(_meant(*slip) for slip in near)])


def _meant(fragment: str, words: tuple[str, ...]) -> str:
    if len(words) > MOST_SUGGESTED:
        return f"Look at the letters of “{fragment}” again."
    return f"For “{fragment}”, did you mean “{'” or “'.join(words)}”?"


class CloseForm(forms.Form):
    """All of it may stay empty: closing is one press."""

    last_word = forms.ChoiceField(
        label="A last word to your peer?",
        help_text="It waits for them alone, for a week at most, and opens once. Then it is gone too.",
        choices=[*LAST_WORDS.items(), ("", "No last word")],
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": "Choose one of these, or no last word."},
    )
    own_words = PlainText(
        label="Or in your own words",
        limit=OWN_WORDS_LIMIT,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    feedback = forms.ChoiceField(
        label="Did it help?",
        help_text="Counted for the yearly report, as a number and nothing else. Your peer does not see it.",
        choices=[*vocabulary.FEEDBACK.choices, ("", "Rather not say")],
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": "Choose one of these, or rather not say."},
    )

    def left_word(self) -> str:
        """What the peer reads: the word that was chosen, and their own words under it."""
        chosen = self.cleaned_data
        return "\n".join(
            part for part in (LAST_WORDS.get(chosen["last_word"], ""), chosen["own_words"].strip()) if part
        )


class NextPeerForm(forms.Form):
    """Before somebody else is asked. yield_training, widening: the presses that let go what the officer alone may."""

    next_may_read = forms.TypedChoiceField(
        label="What may the next one read?",
        choices=[("", "Only what I wrote first"), ("yes", "All that the two of us wrote")],
        coerce=bool,
        empty_value="",
        required=False,
        widget=ChoiceCards,
    )
    yield_training = forms.BooleanField(widget=forms.HiddenInput, required=False)
    widening = forms.TypedChoiceField(
        choices=[(each.value, each.value) for each in Widening], coerce=Widening, empty_value=None, required=False
    )
