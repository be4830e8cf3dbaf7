"""What a member tells only the matching."""

from django import forms
from django.utils.translation import gettext_lazy as _

from peersupport.core.translation import choices
from peersupport.program import vocabulary
from peersupport.program.forms.widgets import PillBoxes


class MatchingPreferencesForm(forms.Form):
    concerns = forms.MultipleChoiceField(
        label=_("Not now"),
        help_text=_("You're asked about these later, but not never: see below. No page shows it to anyone else."),
        choices=choices(vocabulary.CONCERN.labels),
        required=False,
        widget=PillBoxes,
    )
    experiences = forms.MultipleChoiceField(
        label=_("What you've been through"),
        help_text=_("You're asked first a little more often about what comes close to it. Nobody is told why."),
        choices=choices(vocabulary.EXPERIENCE.labels),
        required=False,
        widget=PillBoxes,
    )
