"""What a coordinator records of a member: facts, designation, leave, the end."""

from django import forms

from peersupport.program.forms.widgets import Pills

from ..domain.states import END_REASON_LABELS, MEMBER_KIND_LABELS, EndReason, MemberKind
from .base import DayField, PageForm, validate_not_in_future

UNIT_HINT = "So that an officer can ask for somebody from elsewhere."


class MemberFactsForm(PageForm):
    kind = forms.ChoiceField(
        label="They are",
        choices=[(kind.value, MEMBER_KIND_LABELS[kind]) for kind in MemberKind],
        widget=Pills,
        initial=MemberKind.SWORN,
    )
    unit = forms.CharField(label="Unit", required=False, max_length=80, help_text=UNIT_HINT)
    agency = forms.CharField(
        label="Agency", required=False, max_length=120, help_text="Only when it is another agency than yours."
    )
    is_supervisor = forms.BooleanField(
        label="They supervise others",
        required=False,
        help_text="Supervisors are offered a request only when the officer says yes to one.",
    )


class DesignationForm(PageForm):
    on = DayField(label="Day of the designation", validators=[validate_not_in_future])
    head = forms.CharField(label="Head of the agency who designated them", max_length=120)
    order = forms.CharField(label="Number of the order", max_length=60)


class RenewalForm(DesignationForm):
    on = DayField(label="Day of the renewal", validators=[validate_not_in_future])
    head = forms.CharField(label="Head of the agency who renewed it", max_length=120)


class LeaveForm(PageForm):
    first = DayField(label="First day of leave", help_text="From then on nothing is offered to them.")
    last = DayField(label="Last day of leave", required=False, help_text="Leave it open if it is not known yet.")


class EndForm(PageForm):
    reason = forms.ChoiceField(
        label="Why", choices=[(reason.value, END_REASON_LABELS[reason]) for reason in EndReason], widget=Pills
    )
    on = DayField(label="Last day on the team", validators=[validate_not_in_future])

    def clean_reason(self) -> EndReason:
        return EndReason(self.cleaned_data["reason"])
