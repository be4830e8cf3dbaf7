"""Forms for sessions that the team attends, and for sessions that it gives."""

from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from peersupport.core.errors import Refused
from peersupport.core.translation import choices, refusal_text
from peersupport.program.forms.widgets import CardBoxes, Pills
from peersupport.team.forms.base import OnceForm, PageForm, validate_not_in_future
from peersupport.team.models import Member

from ..domain.plausibility import check_span
from ..domain.states import GIVEN_SESSION_LABELS, SESSION_DELIVERY_LABELS, GivenSessionKind, SessionDelivery
from ..models import Session
from ..queries import subjects
from .records import DayField, HoursField

ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
         "America/Anchorage", "Pacific/Honolulu", "UTC")  # fmt: skip
HOURS_PREFIX = "hours_"


def zones() -> list[tuple[str, str]]:
    """Time zones to choose from, the site's own first."""
    names = dict.fromkeys([settings.TIME_ZONE, *ZONES])
    return [(name, name.replace("_", " ")) for name in names]


class ClockField(forms.CharField):
    """A local day and time; the time zone is another field."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is not None:
            raise ValidationError(_("Please write the date and time like this: 2026-03-31 08:00."))
        return moment


class SessionForm(PageForm):
    title = forms.CharField(label=_("What's it called?"), max_length=120)
    starts_at = ClockField(label=_("When does it start?"))
    ends_at = ClockField(label=_("When does it end?"))
    time_zone = forms.ChoiceField(label=_("In what time zone?"), choices=zones)
    delivery = forms.ChoiceField(
        label=_("How is it held?"),
        choices=choices(SESSION_DELIVERY_LABELS),
        widget=Pills,
        initial=SessionDelivery.IN_PERSON.value,
    )
    place = forms.CharField(label=_("Where?"), max_length=300, help_text=_("A place or a link."))
    provider = forms.CharField(label=_("Who offers it?"), max_length=120, required=False, help_text=_("Optional."))
    instructor = forms.CharField(label=_("Who teaches it?"), max_length=120, required=False, help_text=_("Optional."))
    course_number = forms.CharField(
        label=_("TCOLE course number"),
        max_length=20,
        required=False,
        help_text=_("If it has one."),
    )
    capacity = forms.IntegerField(
        label=_("How many spots?"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=_("Leave it blank if there's no limit."),
    )

    def __init__(self, *args: Any, session: Session | None = None, **kwargs: Any) -> None:
        """session: the one to change. It keeps subjects that were retired since."""
        super().__init__(*args, **kwargs)
        labels = {subject.code: subject.name for subject in subjects.subjects_in_use()}
        for part in session.parts.all() if session else ():
            labels.setdefault(part.subject.code, _("%(subject)s (retired)") % {"subject": part.subject.name})
        for code, label in labels.items():
            self.fields[HOURS_PREFIX + code] = HoursField(label=label, required=False)

    @property
    def details(self) -> list[forms.BoundField]:
        return [self[name] for name in SessionForm.base_fields]

    @property
    def hours(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(HOURS_PREFIX)]

    def clean(self) -> dict[str, Any]:
        """Add the time zone to the times, and collect `parts`: hours by subject code, where any were entered."""
        data = super().clean() or {}
        zone = ZoneInfo(data.get("time_zone") or settings.TIME_ZONE)
        for name in ("starts_at", "ends_at"):
            if isinstance(data.get(name), datetime):
                data[name] = data[name].replace(tzinfo=zone)
        if data.get("starts_at") and data.get("ends_at"):
            try:
                check_span(data["starts_at"], data["ends_at"])
            except Refused as refused:
                self.add_error("ends_at", refusal_text(refused))
        if any(name.startswith(HOURS_PREFIX) and name not in self.fields and self.data[name] for name in self.data):
            self.add_error(None, _("A subject has been retired since you opened the page. Please check the hours."))
        parts: dict[str, Decimal] = {}
        for name in [name for name in data if name.startswith(HOURS_PREFIX)]:
            hours = data.pop(name)
            if hours is not None and hours != 0:
                parts[name.removeprefix(HOURS_PREFIX)] = hours
        return {**data, "parts": parts}

    @classmethod
    def of(cls, session: Session) -> "SessionForm":
        zone = ZoneInfo(session.time_zone)
        initial = {name: getattr(session, name) for name in SessionForm.base_fields}
        for name in ("starts_at", "ends_at"):
            initial[name] = initial[name].astimezone(zone).strftime("%Y-%m-%dT%H:%M")
        hours = {HOURS_PREFIX + part.subject.code: part.hours for part in session.parts.all()}
        return cls(initial={**initial, **hours}, session=session)


class PlanForm(SessionForm, OnceForm):
    """A new session."""


class AttendanceForm(PageForm):
    present = forms.TypedMultipleChoiceField(
        label=_("Check everyone who came"), coerce=int, required=False, widget=CardBoxes, choices=[]
    )

    def __init__(self, *args: Any, members: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        same_name = Counter(member.user.name for member in members)
        self.fields["present"].choices = [  # type: ignore[attr-defined]
            (
                member.pk,
                member.user.name
                if same_name[member.user.name] == 1
                else f"{member.user.name}, {member.agency or member.unit}",
            )
            for member in members
        ]


class GivenForm(OnceForm):
    kind = forms.ChoiceField(
        label=_("What was it?"),
        choices=choices(GIVEN_SESSION_LABELS),
        widget=Pills,
        initial=GivenSessionKind.EDUCATION.value,
    )
    topic = forms.CharField(label=_("What was it about?"), max_length=120, help_text=_("Don't name anyone who came."))
    held_on = DayField(label=_("When was it?"), validators=[validate_not_in_future])
    headcount = forms.IntegerField(label=_("How many came?"), min_value=1, max_value=10_000)

    def clean_kind(self) -> GivenSessionKind:
        return GivenSessionKind(self.cleaned_data["kind"])
