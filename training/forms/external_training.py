"""Forms for training taken elsewhere. The names of the classes are part of the ids in the pages."""

from django import forms

from peersupport.team.forms.base import PageForm

from .records import RecordForm


class ReportForm(RecordForm):
    provider = forms.CharField(label="Who offered it?", max_length=120)
    certificate = forms.FileField(
        label="Your certificate",
        help_text="A PDF, or a picture of it (PNG or JPEG), 10 MB at most.",
        error_messages={"empty": "This file is empty."},
    )


class SendBackForm(PageForm):
    reason = forms.CharField(
        label="What is missing?",
        max_length=300,
        help_text="The member reads it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
