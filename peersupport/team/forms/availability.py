"""Weekly hours, pauses and shift handovers."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from peersupport.core.translation import choices
from peersupport.program.forms.widgets import LongSelect, PillBoxes, Pills

from ..domain.on_call import ALL_DAY, Shift
from ..domain.states import HOURS_PURPOSE_LABELS, HoursPurpose
from ..presenters import hours as hours_presenter
from .base import DayField, PageForm

SHIFT_CHANGED = _("This shift has changed. Please check the list again.")
PAUSE_CHOICES = {1: _("Back tomorrow"), 3: _("Back in three days"), 7: _("Back in a week")}


class TimeOfDayField(forms.TimeField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs)


class HoursForm(PageForm):
    purpose = forms.ChoiceField(
        label=_("What are these hours for?"),
        choices=choices(HOURS_PURPOSE_LABELS),
        widget=Pills,
        initial=HoursPurpose.ON_CALL,
        help_text=_(
            "On call: you're alerted at once when someone can't wait. Available: requests come to you in turn."
        ),
    )
    days = forms.TypedMultipleChoiceField(
        label=_("On which days?"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        widget=PillBoxes,
        error_messages={"required": _("Choose at least one day.")},
    )
    starts = TimeOfDayField(label=_("From"), required=False, help_text=_("Leave both blank for the whole day."))
    ends = TimeOfDayField(
        label=_("Until"), required=False, help_text=_("If it's earlier than the start, it means the next day.")
    )

    def clean_purpose(self) -> HoursPurpose:
        return HoursPurpose(self.cleaned_data["purpose"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        empty = [name for name in ("starts", "ends") if not self.errors and data[name] is None]
        if len(empty) == 1:
            self.add_error(empty[0], _("Please fill in this time too, or leave both blank for the whole day."))
        return {**data, **dict.fromkeys(empty, ALL_DAY)}


class PauseForm(PageForm):
    """A button for the next days, or a day of one's own choice."""

    until = DayField(label=_("Back on"), required=False, help_text=_("The first day you want requests again."))
    days = forms.TypedChoiceField(choices=list(PAUSE_CHOICES.items()), coerce=int, required=False, empty_value=None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("days"):
            data["until"] = timezone.localdate() + timedelta(days=data["days"])
        elif not data.get("until") and not self.errors:
            self.add_error("until", _("Choose the day you're back."))
        return data

    @property
    def back_on(self) -> date:
        return self.cleaned_data["until"]


class ShiftForm(PageForm):
    """One of the upcoming shifts. A shift that is no longer among them has changed since the page was shown."""

    shift = forms.ChoiceField(
        label=_("Which of your shifts?"), error_messages={"required": SHIFT_CHANGED, "invalid_choice": SHIFT_CHANGED}
    )

    def __init__(self, *args: Any, shifts: Iterable[Shift], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shifts = {shift.code: shift for shift in shifts}
        zone = timezone.get_current_timezone()
        labels = {
            key: hours_presenter.interval_label((shift.starts, shift.ends), zone) for key, shift in self.shifts.items()
        }
        self.fields["shift"].choices = list(labels.items())  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        """The shift as keyword arguments of the actions."""
        shift = self.shifts[self.cleaned_data["shift"]]
        return {"hours_id": shift.hours_id, "day": shift.day}


class HandOverForm(ShiftForm):
    to = forms.TypedChoiceField(
        label=_("To whom?"),
        coerce=int,
        help_text=_("They have to say yes first. Until then it's still yours."),
        widget=LongSelect,
    )

    def __init__(self, *args: Any, others: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = dict(others)
        self.fields["to"].choices = list(self.names.items())  # type: ignore[attr-defined]

    @property
    def to_name(self) -> str:
        return self.names[self.cleaned_data["to"]]
