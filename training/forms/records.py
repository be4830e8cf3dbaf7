"""Forms for records and the coverage."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peersupport.core.translation import choices
from peersupport.team.domain.states import MEMBER_KIND_LABELS
from peersupport.team.forms.base import DayField as TeamDayField
from peersupport.team.forms.base import PageForm, validate_not_in_future

from ..models import Subject
from ..presenters.formats import hours_text
from ..queries import subjects as subjects_queries

A_DAY = _("Please write the date as year, month, day: 2026-03-31.")
MONTHS_HINT = _("Calendar months. Leave it blank if it never lapses.")


class DayField(TeamDayField):
    default_error_messages = {"invalid": A_DAY}


class ConfirmUntrainedForm(PageForm):
    """Shown with the designation form where training is missing."""

    id_prefix = "allthesame"
    all_the_same = forms.BooleanField(
        label=_("Designate them anyway"), help_text=_("The audit log will show that you did.")
    )


class HoursField(forms.DecimalField):
    default_error_messages = {
        "invalid": _("Please enter the hours as a number, such as 8 or 1.5."),
        "max_digits": _("Hours can be 500 at most."),
        "max_whole_digits": _("Hours can be 500 at most."),
        "max_decimal_places": _("Please use quarter hours, such as 1.25 or 1.5."),
    }

    def __init__(self, **kwargs: Any) -> None:
        defaults = {
            "max_digits": 5,
            "decimal_places": 2,
            "widget": forms.NumberInput(attrs={"step": "0.25", "min": "0"}),
        }
        super().__init__(**{**defaults, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        """8.00 is shown as 8."""
        return hours_text(value) if isinstance(value, Decimal) else value


class SubjectField(forms.ChoiceField):
    """The code of a subject in use; choices are read when the form is built."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lambda: [(s.code, s.name) for s in subjects_queries.subjects_in_use()], **kwargs)


class RecordForm(PageForm):
    subject = SubjectField(label=_("Which subject?"))
    completed_on = DayField(label=_("When was it completed?"), validators=[validate_not_in_future])
    hours = HoursField(label=_("How many hours?"))


class CoverageFilter(forms.Form):
    """Filters in the URL, so that a filtered page can be bookmarked and shared."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All kinds")), *choices(MEMBER_KIND_LABELS)],
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    subject = forms.ChoiceField(label=_("Subject"), required=False)

    def set_choices(self, units: list[str], subjects: list[Subject]) -> None:
        """Units and subjects, which come from the page's queries."""
        self.fields["unit"].choices = [("", _("All units")), *((unit, unit) for unit in units)]  # type: ignore[attr-defined]
        self.fields["subject"].choices = [("", _("All subjects")), *((s.code, s.name) for s in subjects)]  # type: ignore[attr-defined]
