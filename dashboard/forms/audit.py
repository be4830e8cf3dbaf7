"""What part of the audit log a page shows: numbers, codes and days, so that no name is in an address."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from peersupport.program.forms.widgets import LongSelect
from peersupport.team.forms.base import DayField, PageForm
from peersupport.team.queries.accounts import accounts_ever

from ..presenters.audit_acts import GROUPS
from ..queries.audit import Filter


class AuditFilterForm(PageForm):
    id_prefix = "audit"

    person = forms.TypedChoiceField(label=_("Person"), required=False, coerce=int, empty_value=None, widget=LongSelect)
    act = forms.ChoiceField(
        label=_("What was done"),
        required=False,
        choices=[("", _("Anything")), *((group, list(acts.items())) for group, acts in GROUPS.items())],
    )
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Through"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = accounts_ever().values_list("pk", "name")
        cast(forms.TypedChoiceField, self.fields["person"]).choices = [("", _("Anyone")), *people]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first one."))
        return data

    def filter(self) -> Filter:
        if not self.is_valid():
            return Filter(is_refused=True)
        data = self.cleaned_data
        return Filter(data["person"], data["act"], data["since"], data["until"])
