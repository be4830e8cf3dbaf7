"""The forms on the page for after a critical incident."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from peersupport.program.forms.widgets import PillBoxes, Pills
from peersupport.program.vocabulary import GROUP
from peersupport.team.forms.availability import TimeOfDayField
from peersupport.team.forms.base import DayField, PageForm

from .models import Activation

MAX_CAP_RAISE = timedelta(days=30)
MAX_NOTICE = timedelta(days=90)
LATEST_SESSION = timedelta(days=366)
EXTRA_CHOICES = [(0, "None"), (1, _("One more")), (2, _("Two more")), (3, _("Three more"))]
LIST_CHANGED = _("The list has changed meanwhile. Look at it once more.")


class CallOutForm(PageForm):
    everybody = forms.BooleanField(label=_("Everybody who is here and has not been called"), required=False)
    members = forms.TypedMultipleChoiceField(
        label=_("Or only these"),
        coerce=int,
        required=False,
        widget=PillBoxes,
        error_messages={"invalid_choice": LIST_CHANGED},
    )
    meeting = forms.CharField(
        label=_("Where and when do they meet?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the members you call read this, once they have signed in. Name nobody who was there."),
        error_messages={"max_length": _("Please stay under 300 characters.")},
    )

    def __init__(self, *args: Any, members: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = members  # type: ignore[attr-defined]
        if not members:
            del self.fields["everybody"], self.fields["members"]

    @property
    def member_ids(self) -> list[int]:
        if self.cleaned_data.get("everybody"):
            return [pk for pk, _ in self.fields["members"].choices]  # type: ignore[attr-defined]
        return list(self.cleaned_data.get("members", []))


class CapsForm(PageForm):
    more = forms.TypedChoiceField(
        label=_("How many more may each member be asked to carry?"),
        choices=EXTRA_CHOICES,
        coerce=int,
        widget=Pills,
        help_text=_(
            "More open contacts than they said they would. Whoever says they can't come is left out, and "
            "everybody can still decline."
        ),
        error_messages={"required": _("Choose one of these.")},
    )
    until = DayField(label=_("Up to and including"), required=False, help_text=_("It ends by itself after that day."))

    @classmethod
    def for_activation(cls, activation: Activation) -> "CapsForm":
        return cls(initial={"more": activation.extra_contacts, "until": activation.caps_until})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("more") and "until" not in self.errors:
            check_last_day(self, data.get("until"), MAX_CAP_RAISE, _("Choose the last day, so that it ends by itself."))
        return data


class NoticeForm(PageForm):
    words = forms.CharField(
        label=_("What do the public pages say?"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Everybody can read it, without signing in. Plain words: that the team is there, and how to reach "
            "it. Name nobody and no place. Leave it empty to take it down."
        ),
        error_messages={"max_length": _("Please stay under 600 characters: people read this on a telephone.")},
    )
    until = DayField(
        label=_("Up to and including"), required=False, help_text=_("It is taken down by itself after that day.")
    )

    @classmethod
    def for_activation(cls, activation: Activation) -> "NoticeForm":
        return cls(initial={"words": activation.notice, "until": activation.notice_until})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("words") and "until" not in self.errors:
            check_last_day(self, data.get("until"), MAX_NOTICE, _("Choose the last day, so that it does not stay up."))
        return data


class GroupSessionForm(PageForm):
    kind = forms.ChoiceField(
        label=_("Which?"),
        choices=GROUP.choices,
        widget=Pills,
        error_messages={"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")},
    )
    day = DayField(label=_("On which day?"), error_messages={"required": _("Choose the day.")})
    starts = TimeOfDayField(label=_("At what time?"), error_messages={"required": _("Say when it begins.")})
    place = forms.CharField(
        label=_("Where?"),
        max_length=120,
        error_messages={"required": _("Say where, so that whoever leads it finds there.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        if data["day"] > timezone.localdate() + LATEST_SESSION:
            self.add_error("day", _("Choose a day within a year."))
            return data
        try:
            data["starts_at"] = from_current_timezone(datetime.combine(data["day"], data["starts"]))
        except forms.ValidationError:
            self.add_error("starts", _("On that day the clocks change, and there is no such hour. Choose another."))
        return data

    @property
    def session_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "starts_at", "place")}


def check_last_day(form: PageForm, day: date | None, longest: timedelta, missing: str) -> None:
    """Add an error unless `until` is from today on, and not too far ahead. missing: the error for no day at all."""
    today = timezone.localdate()
    if day is None:
        form.add_error("until", missing)
    elif day < today:
        form.add_error("until", _("This day has passed. Choose today or a day that is still to come."))
    elif day > today + longest:
        form.add_error("until", f"Choose a day within {longest.days} days. You can put it off again then.")
