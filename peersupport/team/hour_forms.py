"""The forms of when somebody can be reached."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS

from peersupport.program.widgets import PillBoxes, Pills

from .page_forms import DayField, PageForm
from .states import PURPOSE_LABELS, Purpose

SOON = {1: "Until tomorrow", 3: "For three days", 7: "For a week"}


class TimeOfDayField(forms.TimeField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs)


class HoursForm(PageForm):
    purpose = forms.ChoiceField(
        label="What for?",
        choices=[(purpose.value, PURPOSE_LABELS[purpose]) for purpose in Purpose],
        widget=Pills,
        initial=Purpose.ON_CALL,
        help_text="On call, you are rung at once when somebody cannot wait. At the hours you are free, you are asked "
        "in turn.",
    )
    days = forms.TypedMultipleChoiceField(
        label="On which days?",
        choices=list(WEEKDAYS.items()),
        coerce=int,
        widget=PillBoxes,
        error_messages={"required": "Choose at least one day."},
    )
    starts = TimeOfDayField(label="From")
    ends = TimeOfDayField(
        label="Until",
        help_text="Earlier than the start means: until that hour the next day. The same hour means the whole day.",
    )

    def clean_purpose(self) -> Purpose:
        return Purpose(self.cleaned_data["purpose"])


class PauseForm(PageForm):
    """One press for the next days, or a day of one's own."""

    until = DayField(label="Not available until", required=False, help_text="The day on which you are there again.")
    days = forms.TypedChoiceField(choices=list(SOON.items()), coerce=int, required=False, empty_value=None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("days"):
            data["until"] = timezone.localdate() + timedelta(days=data["days"])
        elif not data.get("until") and not self.errors:
            self.add_error("until", "Choose the day on which you are there again.")
        return data

    @property
    def day(self) -> date:
        return self.cleaned_data["until"]
