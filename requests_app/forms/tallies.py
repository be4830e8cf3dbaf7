"""What a member counts by. Nothing can be typed that could name anybody, and no day of a contact can be given."""

from typing import Any

from django import forms

from peersupport.program import vocabulary
from peersupport.program.forms.widgets import ChoiceCards, Pills

MOST_AT_ONCE = 8


def _closed_list(words: vocabulary.Vocabulary, label: str, *, without: str = "") -> forms.ChoiceField:
    choices = [(code, name) for code, name in words.choices if code != without]
    return forms.ChoiceField(label=label, choices=[*choices, ("", "Rather not say")], required=False, widget=Pills)


class TallyForm(forms.Form):
    """One contact that has ended here. Closed lists only; what is left open is not counted."""

    first_this_year = forms.ChoiceField(
        label="As far as you know, is this the person's first contact with the program this year?",
        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "I don't know")],
        widget=Pills,
        error_messages={"required": "Choose one. “I don't know” is a good answer."},
    )
    concern = _closed_list(vocabulary.CONCERN, "What was it mainly about?")
    mode = _closed_list(vocabulary.MODE, "How did you mostly talk?")
    origin = _closed_list(vocabulary.ORIGIN, "How did it come about?")
    receiver = _closed_list(vocabulary.RECEIVER, "How do they belong to the agency?")
    duration = _closed_list(vocabulary.DURATION, "How long did it take, all in all?")
    response = _closed_list(vocabulary.RESPONSE, "How long until you said yes?")
    first_referral = forms.ChoiceField(
        label="Did you offer a referral, and was it their first this year, as far as you know?",
        choices=[("yes", "Yes"), ("", "No, or rather not say")],
        required=False,
        widget=Pills,
    )
    referral = _closed_list(vocabulary.REFERRAL, "Which one did you offer?")

    ALWAYS: tuple[str, ...] = ("first_this_year",)
    VECTORS: tuple[str, ...] = ("concern", "mode", "origin", "receiver", "duration", "response")

    @property
    def is_first_this_year(self) -> bool:
        return bool(self.cleaned_data["first_this_year"] == "yes")

    @property
    def is_first_referral(self) -> bool:
        return bool(self.cleaned_data["first_referral"] == "yes" and self.cleaned_data["referral"])

    def fields_asked(self) -> list[forms.BoundField]:
        """What is asked of a first contact alone."""
        return [self[vector] for vector in self.VECTORS]

    def fields_that_count(self) -> list[forms.BoundField]:
        """What was answered and is counted, to be looked over."""
        names = [*self.ALWAYS, *(self.VECTORS if self.is_first_this_year else ())]
        names += ["referral"] if self.is_first_referral else []
        return [self[name] for name in names if self.cleaned_data[name]]

    def codes(self) -> dict[str, str]:
        """What counts: person-level codes only for a first contact, the referral only for a first referral."""
        counted = self.VECTORS if self.is_first_this_year else ()
        codes = {vector: self.cleaned_data[vector] for vector in counted if self.cleaned_data[vector]}
        if self.is_first_referral:
            codes["referral"] = self.cleaned_data["referral"]
        return codes

    def counted(self) -> dict[str, Any]:
        """As the action takes it."""
        return {
            "first_this_year": self.is_first_this_year,
            "first_referral": self.is_first_referral,
            "codes": self.codes(),
        }


class OthersForm(TallyForm):
    """Contacts in person or by phone: several alike at once. How soon somebody answered is of this site alone."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    how_many = forms.TypedChoiceField(
        label="How many?",
        help_text="Several that are alike count at once, and each answer is for each of them.",
        choices=[(str(n), str(n)) for n in range(1, MOST_AT_ONCE + 1)],
        coerce=int,
        initial="1",
        widget=Pills,
        error_messages={"required": "Choose how many."},
    )
    mode = _closed_list(vocabulary.MODE, "How did you mostly talk?", without="web_site")
    response = None  # type: ignore[assignment]

    ALWAYS = ("how_many", "first_this_year")
    VECTORS = ("concern", "mode", "origin", "receiver", "duration")
    field_order = ["token", "how_many"]

    def counted(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        return {**super().counted(), "token": chosen["token"], "how_many": chosen["how_many"]}


class GroupForm(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    code = forms.ChoiceField(
        label="What was it?",
        choices=vocabulary.GROUP.choices,
        widget=ChoiceCards(
            choices_hints={
                "defusing": "Short, within hours of the event.",
                "debriefing": "Longer and in steps, days after it.",
            }
        ),
        error_messages={"required": "Choose one."},
    )
