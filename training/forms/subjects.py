"""Forms for subjects and for what is required of members."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from peersupport.core.translation import choices
from peersupport.program.forms.widgets import PillBoxes
from peersupport.program.vocabulary import CONCERN
from peersupport.team.forms.base import PageForm

from ..models import Requirement, Subject
from .records import MONTHS_HINT, DayField, HoursField


class SubjectForm(PageForm):
    name = forms.CharField(label=_("What's it called?"), max_length=80)
    initial_hours = HoursField(
        label=_("Hours in the initial training"), initial=0, help_text=_("0 if it isn't part of that.")
    )
    required_for = forms.MultipleChoiceField(
        label=_("Which concerns require it?"),
        required=False,
        choices=choices(CONCERN.labels),
        widget=PillBoxes,
        help_text=_("A request about one of these goes only to members who are current."),
    )

    @classmethod
    def of(cls, subject: Subject) -> "SubjectForm":
        return cls(initial={name: getattr(subject, name) for name in ("name", "initial_hours", "required_for")})


class NewSubjectForm(SubjectForm):
    valid_months = forms.IntegerField(
        label=_("Months until it lapses"), required=False, initial=24, min_value=1, max_value=600, help_text=MONTHS_HINT
    )


class RuleForm(PageForm):
    """A rule with the day from which it applies, which the page calls `holds_from`."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "holds_from" in data:
            data["applies_from"] = data.pop("holds_from")
        return data


class ValidityForm(RuleForm):
    holds_from = DayField(
        label=_("Starting when?"), help_text=_("Training completed before that day keeps its old rule.")
    )
    valid_months = forms.IntegerField(
        label=_("Months until it lapses"), required=False, min_value=1, max_value=600, help_text=MONTHS_HINT
    )


class RequirementForm(RuleForm):
    holds_from = DayField(label=_("Starting when?"), help_text=_("Earlier years keep their old rule."))
    initial_hours = HoursField(label=_("Hours of initial training"))
    initial_months = forms.IntegerField(label=_("Months to complete it in"), min_value=1, max_value=120)
    continuing_hours = HoursField(label=_("Hours in each year after that"))

    @classmethod
    def after(cls, current: Requirement) -> "RequirementForm":
        names = ("initial_hours", "initial_months", "continuing_hours")
        return cls(initial={**{name: getattr(current, name) for name in names}, "holds_from": timezone.localdate()})
