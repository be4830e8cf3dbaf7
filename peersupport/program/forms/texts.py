"""The form for a new wording of a program text."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import ProgramText


class WordingForm(forms.Form):
    body = forms.CharField(
        label=_("The wording"),
        help_text=_("An empty line begins a new paragraph. A line that begins with a hyphen is an item of a list."),
        widget=forms.Textarea(attrs={"rows": 18}),
        max_length=8000,
        error_messages={
            "required": _("Please write the wording, or leave the one that stands."),
            "max_length": _("This is too long for people to read: please stay under 8,000 characters."),
        },
    )
    after_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def rebase(self, newer: ProgramText) -> None:
        """Say that somebody else wrote a wording first, keep what was typed, and let the next press save it after."""
        self.data = {**self.data, "body": self.cleaned_data["body"], "after_version": str(newer.version)}
        self.add_error(
            None,
            _(
                "Somebody else has written a wording meanwhile; you find it below. Yours is still here and not yet saved. "
                "Read theirs, then press again to put yours after it."
            ),
        )
