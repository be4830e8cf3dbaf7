"""One's own page: profile, agreement, recovery code, phone alert."""

from typing import Any

from allauth.account.fields import PasswordField
from django import forms
from django.utils.translation import gettext_lazy as _

from peersupport.core.errors import Refused
from peersupport.core.translation import choices, refusal_text
from peersupport.program.forms.widgets import PillBoxes, Pills

from ..domain.attributes import GENDER_LABELS, LANGUAGE_LABELS
from ..models import Member
from .base import PageForm
from .membership import UNIT_HINT


class ProfileForm(PageForm):
    about = forms.CharField(
        label=_("What should an officer know about you?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown with your name on the team's public page. At most 300 characters."),
    )
    unit = forms.CharField(
        label=_("Your unit"),
        required=False,
        max_length=80,
        help_text=UNIT_HINT,
    )
    languages = forms.MultipleChoiceField(
        label=_("What do you speak besides English?"),
        required=False,
        choices=choices(LANGUAGE_LABELS),
        widget=PillBoxes,
        help_text=_("Optional, like the next question. An officer can ask for it."),
    )
    gender = forms.ChoiceField(
        label=_("You are"),
        required=False,
        choices=[("", _("I'd rather not say")), *choices(GENDER_LABELS)],
        widget=Pills,
    )
    cap = forms.IntegerField(
        label=_("How many open contacts can you take on?"),
        min_value=1,
        max_value=20,
        help_text=_(
            "When you have that many, new requests go to others. If nobody else can take one, you may get one more."
        ),
    )
    is_asked_by_name = forms.BooleanField(
        label=_("Officers can ask for me by name"),
        help_text=_(
            "Then you're asked even if you already have that many, or have set what it's about to “Not now”. You can "
            "always decline, and nobody is told that you did. Without this, your name isn't among those to ask for."
        ),
        required=False,
    )

    @classmethod
    def for_member(cls, member: Member) -> "ProfileForm":
        return cls(initial={name: getattr(member, name) for name in cls.base_fields})


class AgreementForm(PageForm):
    """version: of the wording that was on the page."""

    name = forms.CharField(
        label=_("Sign with your name"),
        max_length=120,
        help_text=_("Type it as the team knows it. It's kept with the text and the time."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def show_version(self, version: int) -> None:
        """Whatever was submitted before, the next signature is for the wording that the page shows now."""
        self.initial["version"] = version
        if self.is_bound:
            data = self.data.copy()  # type: ignore[attr-defined]
            data["version"] = str(version)
            self.data = data


class RecoveryCodeForm(PageForm):
    code = forms.CharField(
        label=_("Type your recovery code"),
        max_length=500,
        help_text=_("The eight words from your paper. Spaces and capitals don't matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class PasswordForm(PageForm):
    password = PasswordField(label=_("Your password"), autocomplete="current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs.pop("placeholder", None)


class PhoneAlertForm(PageForm):
    id_prefix = "bell"

    address = forms.CharField(
        label=_("Address for phone alerts"),
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Please type the address.")},
    )

    def add_refusal(self, refused: Refused) -> None:
        self.add_error("address", refusal_text(refused))
