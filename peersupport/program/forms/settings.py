import re
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory, model_to_dict
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from ..domain.program_word import matches_program_word
from ..models import CrisisLine, ProgramSettings
from .widgets import ShortInput

NUMBER = re.compile(r"[0-9()+. -]*[0-9][0-9()+. -]*")


def validate_phone_number(typed: str) -> None:
    """Raises ValidationError unless it is digits and the signs between them."""
    if not NUMBER.fullmatch(typed):
        raise forms.ValidationError(_("Use digits, like 1-800-267-5463."))


class SettingsForm(forms.ModelForm):
    class Meta:
        model = ProgramSettings
        fields = [
            "agency",
            "name",
            "coordinator_name",
            "coordinator_contact",
            "clinical_director",
            "clinical_contact",
            "on_call_phone",
            "year_starts_month",
            "breakdown_years",
            "term_years",
            "program_word",
        ]
        labels = {
            "agency": _("Which agency's program is it?"),
            "name": _("What is the program called?"),
            "coordinator_name": _("Who coordinates it?"),
            "coordinator_contact": _("How can people reach the coordinator?"),
            "clinical_director": _("Who is the clinical director?"),
            "clinical_contact": _("Which number can members call to reach the clinical director or a designee?"),
            "program_word": _("Which word unlocks the team's names?"),
        }
        help_texts = {
            "agency": _("The name of the agency, as people say it."),
            "coordinator_name": _("Include rank if they go by it."),
            "coordinator_contact": _("A phone number or an e-mail address. The public pages show it."),
            "program_word": _(
                "It is printed on the poster and the pocket card. If you leave it blank, anyone can read who is on the "
                "team. It keeps out strangers, not people who have seen a poster."
            ),
            "clinical_contact": _("A number that someone answers. It is for members; the public pages don't show it."),
        }
        error_messages = {
            "agency": {"required": _("Please name the agency.")},
            "name": {"required": _("Please give the program a name.")},
        }

    on_call_phone = forms.CharField(
        label=_("What is the program's own 24-hour number?"),
        help_text=_("If you have one. People who need someone now see it when nobody here can be alerted."),
        required=False,
        max_length=30,
        validators=[validate_phone_number],
    )
    year_starts_month = forms.TypedChoiceField(
        label=_("In which month does a year of statistics start?"),
        help_text=_("Choose it before the first contact is counted."),
        choices=list(MONTHS.items()),
        coerce=int,
    )
    term_years = forms.IntegerField(
        label=_("For how many years is a member designated?"),
        help_text=_("Leave it blank if designations have no end. A change applies to new designations and renewals."),
        required=False,
        min_value=1,
        max_value=20,
    )
    breakdown_years = forms.TypedChoiceField(
        label=_("How many people work at the agency?"),
        help_text=_(
            "A small agency has too few contacts in one year to say what they were about, so its lists are counted "
            "over two or three years together. A change applies to the next count; one that has begun is finished "
            "first."
        ),
        choices=[
            (1, _("100 or more: every year")),
            (2, _("Under 100: every two years")),
            (3, _("Under 100: every three years")),
        ],
        coerce=int,
    )


class ProgramWordForm(forms.Form):
    """Asks for the program word, as printed on poster and pocket card."""

    program_word = forms.CharField(
        label=_("The word on the poster or your card"),
        max_length=100,
        widget=ShortInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Please type the word that is printed on the poster and the pocket card.")},
    )

    def __init__(self, *args: Any, word: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._word = word

    def clean_program_word(self) -> str:
        typed: str = self.cleaned_data["program_word"]
        if not matches_program_word(typed, self._word):
            raise forms.ValidationError(_("That isn't the word on the poster. Please check it for a typo."))
        return typed


DESCRIPTION = "words"  # the description's field name on the page


class CrisisLineForm(forms.Form):
    """One line of the crisis card. An empty form is no line, so no field is required by itself."""

    name = forms.CharField(label=_("What is it called?"), max_length=80, required=False)
    words = forms.CharField(
        label=_("Who answers?"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    call = forms.CharField(label=_("Number to call"), max_length=30, required=False, validators=[validate_phone_number])
    text_to = forms.CharField(
        label=_("Number to text"), max_length=30, required=False, validators=[validate_phone_number]
    )
    text_body = forms.CharField(label=_("Word to text"), max_length=30, required=False)

    def clean_words(self) -> str:
        """On one line, wherever it is printed."""
        return " ".join(self.cleaned_data["words"].split())

    def clean(self) -> dict[str, str]:
        line = self.cleaned_data
        if line.get("text_body") and not line["text_body"].isalnum():
            self.add_error("text_body", _("Please write one word, without spaces or punctuation."))
        has_number = line.get("call") or line.get("text_to") or self.errors
        if any(line.values()) and not (line.get("name") and has_number):
            raise forms.ValidationError(_("A line needs a name and a number to call or text."))
        return line


def initial_of(line: CrisisLine) -> dict[str, str]:
    """The line as the initial values of its form."""
    return {DESCRIPTION: line.description, **model_to_dict(line, exclude=["id", "order", "description"])}


def filled_lines(forms: BaseFormSet) -> list[dict[str, str]]:
    """The lines of the forms that are not empty: to clear a form is to remove its line."""
    lines = [form.cleaned_data for form in forms if any(form.cleaned_data.values())]
    return [{"description" if name == DESCRIPTION else name: value for name, value in line.items()} for line in lines]


class CrisisLineForms(BaseFormSet):
    def clean(self) -> None:
        lines = [] if any(self.errors) else filled_lines(self)
        if not any(self.errors) and not (lines and lines[0]["call"]):
            raise forms.ValidationError(_("The first line is at the top of every page, so it needs a number to call."))


CrisisLineFormSet = formset_factory(CrisisLineForm, formset=CrisisLineForms, extra=1, max_num=10, absolute_max=10)
