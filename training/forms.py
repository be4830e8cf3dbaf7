"""The forms of the training pages."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from peersupport.program.vocabulary import CONCERN
from peersupport.program.widgets import PillBoxes
from peersupport.team.page_forms import DayField as TeamDayField
from peersupport.team.page_forms import PageForm, not_later_than_today
from peersupport.team.states import KIND_LABELS, Kind

from . import queries
from .models import Requirement, Subject
from .words import hours_words

A_DAY = "Please write the day as year, month, day: 2026-03-31."
MONTHS_HINT = "Calendar months. Leave it empty if it is valid for good."


class DayField(TeamDayField):
    default_error_messages = {"invalid": A_DAY}


class AllTheSameForm(PageForm):
    """Beside the form of a designation, where training is missing."""

    all_the_same = forms.BooleanField(label="Designate them all the same", help_text="It is written down that you did.")


class HoursField(forms.DecimalField):
    default_error_messages = {
        "invalid": "Hours are a number, such as 8 or 1.5.",
        "max_digits": "Hours are at most 500.",
        "max_whole_digits": "Hours are at most 500.",
        "max_decimal_places": "Hours are counted in quarters, such as 1.25 or 1.5.",
    }

    def __init__(self, **kwargs: Any) -> None:
        defaults = {
            "max_digits": 5,
            "decimal_places": 2,
            "widget": forms.NumberInput(attrs={"step": "0.25", "min": "0"}),
        }
        super().__init__(**{**defaults, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        """What is stored as 8.00 is asked as 8."""
        return hours_words(value) if isinstance(value, Decimal) else value


class SubjectField(forms.ChoiceField):
    """The code of a subject in use, filled when the form is made."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lambda: [(s.code, s.name) for s in queries.subjects_in_use()], **kwargs)


class SubjectForm(PageForm):
    name = forms.CharField(label="What is it called?", max_length=80)
    initial_hours = HoursField(
        label="Hours of it in the initial training", initial=0, help_text="0 if it is no part of that."
    )
    required_for = forms.MultipleChoiceField(
        label="For which concerns must a peer be current in it?",
        required=False,
        choices=CONCERN.choices,
        widget=PillBoxes,
        help_text="A request about one of these is offered only to those who are current.",
    )

    @classmethod
    def of(cls, subject: Subject) -> "SubjectForm":
        return cls(initial={name: getattr(subject, name) for name in ("name", "initial_hours", "required_for")})


class NewSubjectForm(SubjectForm):
    valid_months = forms.IntegerField(
        label="Months until it lapses", required=False, initial=24, min_value=1, max_value=600, help_text=MONTHS_HINT
    )


class ValidityForm(PageForm):
    holds_from = DayField(
        label="From which day on?", help_text="What was completed before that day keeps the rule it had."
    )
    valid_months = forms.IntegerField(
        label="Months until it lapses", required=False, min_value=1, max_value=600, help_text=MONTHS_HINT
    )


class RequirementForm(PageForm):
    holds_from = DayField(label="From which day on?", help_text="Earlier years keep the rule they had.")
    initial_hours = HoursField(label="Hours of initial training")
    initial_months = forms.IntegerField(label="Months to complete it in", min_value=1, max_value=120)
    continuing_hours = HoursField(label="Hours in each later year")

    @classmethod
    def after(cls, standing: Requirement) -> "RequirementForm":
        names = ("initial_hours", "initial_months", "continuing_hours")
        return cls(initial={**{name: getattr(standing, name) for name in names}, "holds_from": timezone.localdate()})


class RecordForm(PageForm):
    subject = SubjectField(label="What was trained?")
    completed_on = DayField(label="When was it completed?", validators=[not_later_than_today])
    hours = HoursField(label="How many hours?")


class CoverageFilter(forms.Form):
    """Filters by address, so that a filtered page can be kept and sent on. What is unknown is left out."""

    kind = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[("", "All kinds"), *((kind.value, KIND_LABELS[kind]) for kind in Kind)],
    )
    unit = forms.ChoiceField(label="Unit", required=False)
    subject = forms.ChoiceField(label="Subject", required=False)

    def offer(self, units: list[str], subjects: list[Subject]) -> None:
        """The choices, which only the page's own queries know."""
        self.fields["unit"].choices = [("", "All units"), *((unit, unit) for unit in units)]  # type: ignore[attr-defined]
        self.fields["subject"].choices = [("", "All subjects"), *((s.code, s.name) for s in subjects)]  # type: ignore[attr-defined]
