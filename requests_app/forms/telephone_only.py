from django import forms
from django.utils.translation import gettext_lazy as _

from peersupport.core import translation
from peersupport.team.forms.base import PageForm

from ..domain.intake import HOUR_LABELS


class TelephoneOnlyForm(PageForm):
    hours = forms.TypedChoiceField(
        label=_("For how long?"),
        help_text=_("It ends by itself."),
        choices=translation.choices(HOUR_LABELS),
        coerce=int,
        error_messages={"required": _("Choose for how long."), "invalid_choice": _("Choose one to four hours.")},
    )
