"""The form for a new wording of a program text."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import ProgramText


class WordingForm(forms.Form):
    body = forms.CharField(
        label=_("Text"),
        help_text=_("An empty line starts a new paragraph. A line that starts with a hyphen becomes a list item."),
        widget=forms.Textarea(attrs={"rows": 18}),
        max_length=8000,
        error_messages={
            "required": _("Please write the text."),
            "max_length": _("This is too long for people to read. Please stay under 8,000 characters."),
        },
    )
    after_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def rebase(self, newer: ProgramText) -> None:
        """Say that somebody else wrote a wording first, keep what was typed, and let the next press save it after."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data.update({"body": self.cleaned_data["body"], "after_version": str(newer.version)})
        self.data = data
        self.add_error(
            None,
            _(
                "Someone else has saved a new version, shown below. Yours is still here, but not saved yet. Read "
                "theirs, then press “Save” again to save yours as the next version."
            ),
        )
