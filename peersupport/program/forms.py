import re
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from .models import CrisisLine, ProgramSettings, ProgramText

MONTHS = [
    *enumerate(
        "January February March April May June July August September October November December".split(), start=1
    )
]
CRISIS_FIELDS = ["name", "words", "call", "text_to", "text_body"]
NUMBER = re.compile(r"[0-9()+. -]*[0-9][0-9()+. -]*")


class SettingsForm(forms.ModelForm):
    class Meta:
        model = ProgramSettings
        fields = [
            "agency",
            "name",
            "coordinator_name",
            "coordinator_contact",
            "clinical_director",
            "year_starts_month",
        ]
        labels = {
            "agency": "Whose program is it?",
            "name": "What is the program called?",
            "coordinator_name": "Who coordinates it?",
            "coordinator_contact": "How is the coordinator reached?",
            "clinical_director": "Who is the clinical director?",
        }
        help_texts = {
            "agency": "The name of the agency, as people say it.",
            "coordinator_name": "With the rank, if that is how they are known.",
            "coordinator_contact": "A telephone number or an e-mail address. It stands on the public pages.",
        }
        error_messages = {
            "agency": {"required": "Please say whose program it is."},
            "name": {"required": "Please give the program a name."},
        }

    year_starts_month = forms.TypedChoiceField(
        label="When does a year of statistics start?",
        help_text="A year that is already open keeps its months.",
        choices=MONTHS,
        coerce=int,
    )


class CrisisLineForm(forms.ModelForm):
    class Meta:
        model = CrisisLine
        fields = CRISIS_FIELDS
        labels = {
            "name": "What is it called?",
            "words": "Who answers?",
            "call": "Number to call",
            "text_to": "Number to text",
            "text_body": "Word to text",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False

    def clean(self) -> dict[str, str]:
        line: dict[str, str] = super().clean() or self.cleaned_data
        for field in ("call", "text_to"):
            if line.get(field) and not NUMBER.fullmatch(line[field]):
                self.add_error(field, "Please write the number with digits, like 1-800-267-5463.")
        if line.get("text_body") and not line["text_body"].isalnum():
            self.add_error("text_body", "Please write one word, without spaces or signs.")
        has_number = line.get("call") or line.get("text_to") or self.errors
        if any(line.values()) and not (line.get("name") and has_number):
            raise forms.ValidationError("A line needs a name and a number to call or to text.")
        return line


class CrisisLineForms(BaseFormSet):
    @property
    def lines(self) -> list[dict[str, str]]:
        """The lines that say something: a line emptied on the page is a line taken away."""
        return [form.cleaned_data for form in self.forms if any(form.cleaned_data.values())]

    def clean(self) -> None:
        if not any(self.errors) and not (self.lines and self.lines[0]["call"]):
            raise forms.ValidationError("The first line stands on top of every page: it needs a number to call.")


CrisisLineFormSet = formset_factory(CrisisLineForm, formset=CrisisLineForms, extra=1, max_num=10, absolute_max=10)


class WordingForm(forms.Form):
    body = forms.CharField(
        label="The wording",
        help_text="An empty line begins a new paragraph. A line that begins with a hyphen is an item of a list.",
        widget=forms.Textarea(attrs={"rows": 18}),
        max_length=8000,
        error_messages={
            "required": "Please write the wording, or leave the one that stands.",
            "max_length": "This is too long for people to read: please stay under 8,000 characters.",
        },
    )
    after_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def go_on_after(self, newer: ProgramText) -> None:
        """Somebody wrote a wording while this one was typed: say so, keep the typed one, let a second press keep it."""
        self.data = {**self.data.dict(), "after_version": newer.version}
        self.add_error(
            None,
            "Somebody else has written a wording meanwhile; you find it below. Yours is kept here and not yet saved. "
            "Read theirs, then press again to put yours after it.",
        )
