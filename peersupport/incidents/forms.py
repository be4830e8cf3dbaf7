"""The forms on the page for after a critical incident."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from peersupport.core.translation import choices
from peersupport.program.forms.widgets import PillBoxes, Pills
from peersupport.program.vocabulary import GROUP
from peersupport.team.forms.availability import TimeOfDayField
from peersupport.team.forms.base import DayField, PageForm

from .models import Activation

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_CAP_RAISE = timedelta(days=30)
MAX_NOTICE = timedelta(days=90)
LATEST_SESSION = timedelta(days=366)
EXTRA_CHOICES = [(0, _("None")), (1, _("One more")), (2, _("Two more")), (3, _("Three more"))]
LIST_CHANGED = _("The list has changed since you opened this page. Check it again.")


class CallOutForm(PageForm):
    everybody = forms.BooleanField(label=_("Everyone available who hasn't been called out yet"), required=False)
    members = forms.TypedMultipleChoiceField(
        label=_("Or only these members"),
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
        help_text=_(
            "Only the members you call out can read this, after they sign in. Don't name anyone who was there."
        ),
        error_messages={"max_length": _("Use 300 characters or fewer.")},
    )

    def __init__(self, *args: Any, members: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = members  # type: ignore[attr-defined]
        if not members:
            del self.fields["everybody"], self.fields["members"]

    @property
    def member_ids(self) -> list[int]:
        if self.cleaned_data.get("everybody"):
            return [pk for pk, __ in self.fields["members"].choices]  # type: ignore[attr-defined]
        return list(self.cleaned_data.get("members", []))


class CapsForm(PageForm):
    more = forms.TypedChoiceField(
        label=_("How many extra contacts can each member be asked to take?"),
        choices=EXTRA_CHOICES,
        coerce=int,
        widget=Pills,
        help_text=_(
            "On top of the number they chose. Members who say they can't come are left out, and anyone can still "
            "decline."
        ),
        error_messages={"required": _("Choose one of these.")},
    )
    until = DayField(label=_("Last day"), required=False, help_text=_("This ends automatically after that day."))

    @classmethod
    def for_activation(cls, activation: Activation) -> "CapsForm":
        return cls(initial={"more": activation.extra_contacts, "until": activation.caps_until})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("more") and "until" not in self.errors:
            check_last_day(self, data.get("until"), MAX_CAP_RAISE, _("Choose a last day, so this ends automatically."))
        return data


class NoticeForm(PageForm):
    words = forms.CharField(
        label=_("What should the public pages say?"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Anyone can read this without signing in. Keep it plain: the team is here, and how to reach it. Don't "
            "name any person or place. Leave it blank to remove the notice."
        ),
        error_messages={"max_length": _("Use 600 characters or fewer. People read this on a phone.")},
    )
    until = DayField(
        label=_("Last day"), required=False, help_text=_("The notice is removed automatically after that day.")
    )

    @classmethod
    def for_activation(cls, activation: Activation) -> "NoticeForm":
        return cls(initial={"words": activation.notice, "until": activation.notice_until})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("words") and "until" not in self.errors:
            check_last_day(self, data.get("until"), MAX_NOTICE, _("Choose a last day, so the notice doesn't stay up."))
        return data


class GroupSessionForm(PageForm):
    kind = forms.ChoiceField(
        label=_("Type of session"),
        choices=choices(GROUP.labels),
        widget=Pills,
        error_messages={"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")},
    )
    day = DayField(label=_("Day"), error_messages={"required": _("Choose a day.")})
    starts = TimeOfDayField(label=_("Start time"), error_messages={"required": _("Enter a start time.")})
    place = forms.CharField(
        label=_("Place"),
        max_length=120,
        error_messages={"required": _("Enter a place, so the member leading it can find it.")},
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
            self.add_error("starts", _("The clocks change that day, and that time doesn't exist. Choose another time."))
        return data

    @property
    def session_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "starts_at", "place")}


def check_last_day(form: PageForm, day: date | None, longest: timedelta, missing: "StrOrPromise") -> None:
    """Add an error unless `until` is from today on, and not too far ahead. missing: the error for no day at all."""
    today = timezone.localdate()
    if day is None:
        form.add_error("until", missing)
    elif day < today:
        form.add_error("until", _("That day has passed. Choose today or a later day."))
    elif day > today + longest:
        form.add_error(
            "until", _("Choose a day within %(days)s days. You can extend it later.") % {"days": longest.days}
        )
