"""Forms for training taken elsewhere. The names of the classes are part of the ids in the pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from peersupport.team.forms.base import PageForm

from .records import RecordForm


class ReportForm(RecordForm):
    provider = forms.CharField(label=_("Who offered it?"), max_length=120)
    certificate = forms.FileField(
        label=_("Your certificate"),
        help_text=_(
            "A PDF, or a picture of it (PNG or JPEG), 10 MB at most. We don't keep where and when a picture was taken."
        ),
        error_messages={"empty": _("This file is empty.")},
    )


class SendBackForm(PageForm):
    reason = forms.CharField(
        label=_("What's missing?"),
        max_length=300,
        help_text=_("The member sees this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
