"""What a member tells only the matching."""

from django import forms

from peersupport.program import vocabulary
from peersupport.program.forms.widgets import PillBoxes


class MatchingPreferencesForm(forms.Form):
    concerns = forms.MultipleChoiceField(
        label="Not now",
        help_text="You are not asked about these. No page shows it to anybody else, and you need not say why.",
        choices=vocabulary.CONCERN.choices,
        required=False,
        widget=PillBoxes,
    )
    experiences = forms.MultipleChoiceField(
        label="What you have lived through",
        help_text="Who asks about something near it is offered to you first. Nobody is told why.",
        choices=vocabulary.EXPERIENCE.choices,
        required=False,
        widget=PillBoxes,
    )
