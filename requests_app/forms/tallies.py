"""What a member tallies by: codes of closed vocabularies. Nothing can name anybody or give the day of a contact."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from peersupport.core.translation import choices
from peersupport.program import vocabulary
from peersupport.program.forms.widgets import ChoiceCards, Pills

from ..domain.tally import TallyAnswers

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_AT_ONCE = 8


def _vocabulary_field(options: vocabulary.Vocabulary, label: "StrOrPromise", *, without: str = "") -> forms.ChoiceField:
    offered = [(code, name) for code, name in choices(options.labels) if code != without]
    return forms.ChoiceField(label=label, choices=[*offered, ("", _("Rather not say"))], required=False, widget=Pills)


class TallyForm(forms.Form):
    """One contact that ended here. What is left open is not counted."""

    first_this_year = forms.ChoiceField(
        label=_("As far as you know, is this the person's first contact with the program this year?"),
        choices=[("yes", _("Yes")), ("no", _("No")), ("unknown", _("I don't know"))],
        widget=Pills,
        error_messages={"required": _("Choose one. “I don't know” is a good answer.")},
    )
    concern = _vocabulary_field(vocabulary.CONCERN, _("What was it mainly about?"))
    mode = _vocabulary_field(vocabulary.MODE, _("How did you mostly talk?"))
    origin = _vocabulary_field(vocabulary.ORIGIN, _("How did it come about?"))
    receiver = _vocabulary_field(vocabulary.RECEIVER, _("What's their connection to the agency?"))
    duration = _vocabulary_field(vocabulary.DURATION, _("How long did it take in all?"))
    response = _vocabulary_field(vocabulary.RESPONSE, _("How long until you accepted?"))
    first_referral = forms.ChoiceField(
        label=_("Was a referral discussed for the first time this year, as far as you know?"),
        choices=[("yes", _("Yes")), ("", _("No, or rather not say"))],
        required=False,
        widget=Pills,
    )
    referral = _vocabulary_field(vocabulary.REFERRAL, _("Which referral?"))

    ALWAYS: tuple[str, ...] = ("first_this_year",)
    VOCABULARIES: tuple[str, ...] = ("concern", "mode", "origin", "receiver", "duration", "response")

    @property
    def is_first_this_year(self) -> bool:
        return bool(self.cleaned_data["first_this_year"] == "yes")

    @property
    def is_first_referral(self) -> bool:
        return bool(self.cleaned_data["first_referral"] == "yes" and self.cleaned_data["referral"])

    def first_contact_fields(self) -> list[forms.BoundField]:
        """The questions that only count for a first contact."""
        return [self[name] for name in self.VOCABULARIES]

    def counted_fields(self) -> list[forms.BoundField]:
        """The answers that will be counted, to review before confirming."""
        names = [*self.ALWAYS, *(self.VOCABULARIES if self.is_first_this_year else ())]
        names += ["referral"] if self.is_first_referral else []
        return [self[name] for name in names if self.cleaned_data[name]]

    def codes(self) -> dict[str, str]:
        """The codes that count: person-level ones for a first contact only, the referral for a first referral only."""
        counted = self.VOCABULARIES if self.is_first_this_year else ()
        codes = {name: self.cleaned_data[name] for name in counted if self.cleaned_data[name]}
        if self.is_first_referral:
            codes["referral"] = self.cleaned_data["referral"]
        return codes

    def answers(self) -> TallyAnswers:
        return TallyAnswers(self.is_first_this_year, self.is_first_referral, self.codes())


class OthersForm(TallyForm):
    """Contacts outside this site, several alike at once. Without `response`, which only this site measures."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    how_many = forms.TypedChoiceField(
        label=_("How many?"),
        help_text=_("You can count several similar contacts at once. Your answers apply to each of them."),
        choices=[(str(n), str(n)) for n in range(1, MAX_AT_ONCE + 1)],
        coerce=int,
        initial="1",
        widget=Pills,
        error_messages={"required": _("Choose how many.")},
    )
    mode = _vocabulary_field(vocabulary.MODE, _("How did you mostly talk?"), without="web_site")
    response = None  # type: ignore[assignment]

    ALWAYS = ("how_many", "first_this_year")
    VOCABULARIES = ("concern", "mode", "origin", "receiver", "duration")
    field_order = ["token", "how_many"]


class GroupForm(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    code = forms.ChoiceField(
        label=_("What was it?"),
        choices=choices(vocabulary.GROUP.labels),
        widget=ChoiceCards(
            choices_hints={
                "defusing": _("Short, within hours of the event."),
                "debriefing": _("Longer and more structured, days after it."),
            }
        ),
        error_messages={"required": _("Choose one.")},
    )


def chosen_answers(fields: Iterable[forms.BoundField]) -> list[tuple[str, str]]:
    """Each question with the label of the answer that was chosen, to review before it counts."""
    return [(str(field.label), str(dict(field.field.choices)[field.value()])) for field in fields]  # type: ignore[attr-defined]
