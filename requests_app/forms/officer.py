"""What an officer can type and choose to ask for a peer. No error message says no without saying what to do."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peersupport.core import translation
from peersupport.program import vocabulary
from peersupport.program.forms.widgets import ChoiceCards, PillBoxes, Pills

from ..actions.submission import Submission
from ..domain.card import Card, Words
from ..domain.states import URGENCY_LABELS, Urgency
from ..queries.choices import Choices, PreferenceChoices
from ..vault import TEXT_LIMIT
from .messages import PlainText, number_in

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CONTACT_LIMIT = 200
UNIT_LIMIT = 80  # as Member.unit
MAX_LEFT_OUT = 500  # people; they fit on the card (vault.CARD_SIZE), with room for each change of peer

URGENCY_HINTS: dict[str, "StrOrPromise"] = {
    Urgency.NOW: _("Everyone on call is asked right away."),
    Urgency.TODAY: _("Peers are asked one at a time. It can take a few hours."),
    Urgency.WHEN_YOU_CAN: _("No rush. It can take a day or two."),
}
NO_LONGER_OFFERED = _(
    "Your choice under “%(label)s” is no longer available. If it's OK without it, press “Send” again."
)
HOW_SOON = _("Choose how soon someone should answer.")
# The fields in the folded part of the request form: whom it should and should not go to. Some of them show names.
NAME_FIELDS = ("wanted", "anyone_else", "not_these")
PREFERENCE_FIELDS = (*NAME_FIELDS, "not_unit", "other_agency", "supervisor_ok", "kind", "gender", "language")
CHOSEN_FIELDS = tuple(name for name in PREFERENCE_FIELDS if name != "anyone_else")  # which is checked to begin with


class LeftOut(forms.MultipleChoiceField):
    """Ids of people, whoever they are: an error for those who aren't members would tell who is one but isn't shown."""

    def to_python(self, value: Any) -> list[Any]:
        numbers = {number_in(text) for text in super().to_python(value)}
        return sorted(number for number in numbers if number is not None)

    def validate(self, value: list[int]) -> None:
        if len(value) > MAX_LEFT_OUT:
            raise forms.ValidationError(
                _("You can leave out up to %(limit)s people by name. Please uncheck some of them."),
                params={"limit": MAX_LEFT_OUT},
            )


class RequestForm(forms.Form):
    """All may stay empty but the urgency, and the box that confirms the terms above the form."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    program_word = forms.CharField(widget=forms.HiddenInput, required=False)
    proof = forms.Field(widget=forms.HiddenInput, required=False)  # whatever it is: no proof is no error
    urgency = forms.ChoiceField(
        label=_("How soon?"),
        choices=translation.choices({u.value: URGENCY_LABELS[u] for u in Urgency}),
        widget=ChoiceCards(choices_hints=URGENCY_HINTS),
        error_messages={"required": HOW_SOON, "invalid_choice": HOW_SOON},
    )
    concern = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[*translation.choices(vocabulary.CONCERN.labels), ("", _("Rather not say"))],
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": _("Choose one of these, or leave it blank.")},
    )
    message = PlainText(
        label=_("What should the peer know?"),
        help_text=_(
            "As much or as little as you like, or nothing. Please leave out names and case details: what counts is how "
            "you are."
        ),
        limit=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "autocomplete": "off"}),
    )
    contact = PlainText(
        label=_("Rather be called or texted?"),
        help_text=_("Leave a number, and say when it's safe. Your peer may then know who you are."),
        limit=CONTACT_LIMIT,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    wanted = forms.TypedChoiceField(
        label=_("Is there someone you'd rather talk to?"),
        help_text=_("They're asked first."),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={
            "invalid_choice": _("This person can't be asked for by name right now. Please choose someone else.")
        },
    )
    anyone_else = forms.BooleanField(
        label=_("Someone else is OK if they can't"),
        help_text=_(
            "With “Now”, everyone on call is asked right away too. If you uncheck this, only this one person is asked."
        ),
        initial=True,
        required=False,
    )
    not_these = LeftOut(
        label=_("Is there anyone it shouldn't go to?"),
        help_text=_("They aren't told, and they're asked only if you say so later."),
        required=False,
        widget=PillBoxes,
    )
    not_unit = PlainText(
        label=_("Leave out a unit?"),
        help_text=_("Nobody from there is asked, unless you say so later."),
        limit=UNIT_LIMIT,
        required=False,
        widget=forms.Select,
    )
    other_agency = forms.BooleanField(label=_("Only someone from another agency"), required=False)
    supervisor_ok = forms.BooleanField(
        label=_("A supervisor is OK too"),
        help_text=_("Otherwise no supervisor is asked, unless you chose one by name."),
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Would another language be easier?"),
        help_text=_("Peers who speak it are asked first."),
        required=False,
        widget=forms.Select,
        error_messages={"invalid_choice": _("Choose one of these languages, or leave it blank.")},
    )
    kind = forms.ChoiceField(
        label=_("Who would you rather talk to?"),
        help_text=_("If nobody like that is free, others are asked."),
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": _("Choose one of these, or leave it blank.")},
    )
    gender = forms.ChoiceField(
        label=_("Would you rather talk to a woman or a man?"),
        help_text=_("Peers who've said so about themselves are asked first."),
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": _("Choose one of these, or leave it blank.")},
    )
    understood = forms.BooleanField(
        label=_("I have read what stays between you and your peer, and what can't."),
        error_messages={"required": _("Please read “What stays between you and your peer”, then check this box.")},
    )

    def __init__(
        self, *args: Any, choices: PreferenceChoices, is_now_offered: bool, shows_names: bool, **kwargs: Any
    ) -> None:
        """Whom or which unit to leave out counts even where it isn't on the page, and comes back with the form.

        Names are in the form as hidden fields where they can't be shown, and "Now" can be submitted.
        """
        super().__init__(*args, **kwargs)
        self.is_now_offered, self.shows_names = is_now_offered, shows_names and bool(choices.names)
        self.challenge = ""
        self.no_longer_offered: dict[str, str] = {}
        offered = [u for u in Urgency if is_now_offered or u != Urgency.NOW]
        self.fields["urgency"].widget.choices = translation.choices({u.value: URGENCY_LABELS[u] for u in offered})  # type: ignore[attr-defined]
        self._set_choices("wanted", _("Anyone"), choices.askable_names)
        self.fields["not_these"].widget.choices = choices.names  # type: ignore[attr-defined]
        units = list(dict.fromkeys(unit for unit in (*choices.units, *self._typed("not_unit")) if unit))
        self.fields["not_unit"].widget.choices = [("", _("None")), *((unit, unit) for unit in units)]  # type: ignore[attr-defined]
        self.shows_units = bool(units)
        self._set_choices("language", _("English is fine"), _translated(choices.languages))
        self._set_choices("kind", _("Anyone"), _translated(choices.kinds))
        self._set_choices("gender", _("No preference"), _translated(choices.genders))
        if "wanted" not in self.fields:
            del self.fields["anyone_else"]

    def ask_for_proof(self, challenge: str) -> None:
        """Have the browser do a silent calculation while somebody types, see static/js/proof.js."""
        self.challenge = challenge
        self.fields["proof"].widget.attrs["data-challenge"] = challenge

    def _set_choices(self, name: str, no_choice: "StrOrPromise", shown: Choices) -> None:
        """Offer these choices, or remove a field that has none."""
        if shown:
            self.fields[name].choices = [("", no_choice), *shown]  # type: ignore[attr-defined]
        else:
            self.no_longer_offered[name] = str(self.fields.pop(name).label)

    def _typed(self, name: str) -> list[str]:
        return self.data.getlist(name) if self.is_bound else []  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        for name, label in self.no_longer_offered.items():
            if self.data.get(name):
                self.add_error(None, NO_LONGER_OFFERED % {"label": label})
        if chosen.get("wanted") and chosen["wanted"] in chosen.get("not_these", []):
            self.add_error(
                "wanted",
                _("You also chose this person below, as someone it shouldn't go to. Please change one of the two."),
            )
        return chosen

    @property
    def are_preferences_open(self) -> bool:
        """Whether the folded part is open: it has an error or a choice in it, or somebody came to choose by name."""
        is_anything_chosen = any(value for name in CHOSEN_FIELDS for value in self._typed(name))
        is_wrong = any(name in self.errors for name in PREFERENCE_FIELDS)
        return is_anything_chosen or is_wrong or bool(self["program_word"].value())

    @property
    def shown_preferences(self) -> list[forms.BoundField]:
        """The fields in the folded part."""
        return [self[name] for name in PREFERENCE_FIELDS if name in self.fields and not self._is_hidden(name)]

    @property
    def hidden_preferences(self) -> list[forms.BoundField]:
        """What was chosen in fields that can't be shown now, and counts all the same."""
        return [self[name] for name in PREFERENCE_FIELDS if name in self.fields and self._is_hidden(name)]

    @property
    def hidden_excluded_members(self) -> list[str]:
        """Those left out who aren't on the page, where others are; without their names."""
        shown = {str(member) for member, __ in self.fields["not_these"].widget.choices}  # type: ignore[attr-defined]
        typed = [] if self._is_hidden("not_these") else self._typed("not_these")
        return [member for member in typed if number_in(member) is not None and member not in shown]

    def _is_hidden(self, name: str) -> bool:
        if name == "not_unit":
            return not self.shows_units
        return name in NAME_FIELDS and not self.shows_names

    def submission(self) -> Submission:
        chosen = self.cleaned_data
        card = Card(
            urgency=Urgency(chosen["urgency"]),
            concern=chosen["concern"],
            wanted=chosen.get("wanted"),
            anyone_else=not chosen.get("wanted") or chosen["anyone_else"],
            excluded_members=frozenset(chosen["not_these"]),
            excluded_unit=chosen["not_unit"],
            other_agency=chosen["other_agency"],
            supervisor_ok=chosen["supervisor_ok"],
            language=chosen.get("language", ""),
            kind=chosen.get("kind", ""),
            gender=chosen.get("gender", ""),
        )
        return Submission(card, Words(chosen["message"], chosen["contact"]))


def _translated(labels: Choices) -> Choices:
    return [(code, gettext(label)) for code, label in labels]
