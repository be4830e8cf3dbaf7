"""A member asks for a call. There is no field in which anything about anybody else could be typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from peersupport.program.forms.widgets import ChoiceCards, Pills
from peersupport.team.models import Member

from ..domain.consultation import URGENCY_LABELS, ConsultationUrgency
from ..queries import consultations


class ConsultationForm(forms.Form):
    how_soon = forms.TypedChoiceField(
        label=_("How soon should they call?"),
        choices=[(each.value, _(label)) for each, label in URGENCY_LABELS.items()],
        coerce=ConsultationUrgency,
        initial=ConsultationUrgency.TODAY.value,
        widget=ChoiceCards,
        error_messages={"required": _("Choose how soon they should call.")},
    )
    whom = forms.TypedChoiceField(
        label=_("Who should call?"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": _("This person can no longer be asked. Please choose someone else.")},
    )

    def __init__(self, *args: object, member: Member, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        names = [(str(user.pk), user.name) for user in consultations.consultants_for(member)]
        self.fields["whom"].choices = [("", _("First one available")), *names]  # type: ignore[attr-defined]
