"""The forms of the training pages."""

from decimal import Decimal
from typing import Any

from django import forms

from peersupport.team.domain.states import KIND_LABELS, Kind
from peersupport.team.forms.base import DayField as TeamDayField
from peersupport.team.forms.base import PageForm, not_later_than_today

from ..models import Subject
from ..presenters.wording import hours_words
from ..queries import subjects as subjects_queries

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
        super().__init__(choices=lambda: [(s.code, s.name) for s in subjects_queries.subjects_in_use()], **kwargs)


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
