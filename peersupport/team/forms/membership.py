"""What a coordinator records of a member: facts, designation, leave, the end."""

from django import forms
from django.utils.translation import gettext_lazy as _

from peersupport.core.translation import choices
from peersupport.program.forms.widgets import Pills

from ..domain.states import END_REASON_LABELS, MEMBER_KIND_LABELS, EndReason, MemberKind
from .base import DayField, PageForm, validate_not_in_future

UNIT_HINT = _("So that an officer can ask for someone from another unit.")


class MemberFactsForm(PageForm):
    kind = forms.ChoiceField(
        label=_("Kind of member"),
        choices=choices(MEMBER_KIND_LABELS),
        widget=Pills,
        initial=MemberKind.SWORN,
    )
    unit = forms.CharField(label=_("Unit"), required=False, max_length=80, help_text=UNIT_HINT)
    agency = forms.CharField(
        label=_("Agency"), required=False, max_length=120, help_text=_("Only if they work for another agency.")
    )
    is_supervisor = forms.BooleanField(
        label=_("They supervise others"),
        required=False,
        help_text=_("A supervisor gets a request only if the officer agrees to a supervisor."),
    )


class DesignationForm(PageForm):
    on = DayField(label=_("Day of the designation"), validators=[validate_not_in_future])
    head = forms.CharField(label=_("Head of the agency who designated them"), max_length=120)
    order = forms.CharField(label=_("Order number"), max_length=60)


class RenewalForm(DesignationForm):
    on = DayField(label=_("Day of the renewal"), validators=[validate_not_in_future])
    head = forms.CharField(label=_("Head of the agency who renewed it"), max_length=120)


class LeaveForm(PageForm):
    first = DayField(label=_("First day of leave"), help_text=_("From this day on, no new requests go to them."))
    last = DayField(label=_("Last day of leave"), required=False, help_text=_("Leave it blank if you don't know yet."))


class EndForm(PageForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=choices(END_REASON_LABELS), widget=Pills)
    on = DayField(label=_("Last day on the team"), validators=[validate_not_in_future])

    def clean_reason(self) -> EndReason:
        return EndReason(self.cleaned_data["reason"])
