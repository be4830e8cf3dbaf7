"""What a member tells only the matching."""

from django import forms
from django.utils.translation import gettext_lazy as _

from peersupport.program import vocabulary
from peersupport.program.forms.widgets import PillBoxes


class MatchingPreferencesForm(forms.Form):
    concerns = forms.MultipleChoiceField(
        label=_("Not now"),
        help_text=_("You are not asked about these. No page shows it to anybody else, and you need not say why."),
        choices=vocabulary.CONCERN.choices,
        required=False,
        widget=PillBoxes,
    )
    experiences = forms.MultipleChoiceField(
        label=_("What you have lived through"),
        help_text=_("Who asks about something near it is offered to you first. Nobody is told why."),
        choices=vocabulary.EXPERIENCE.choices,
        required=False,
        widget=PillBoxes,
    )
