"""The second factor: the second step of a sign-in, and one's own page about it."""

from typing import Any

from allauth.account.fields import PasswordField
from django import forms
from django.utils.translation import gettext_lazy as _

from peersupport.core.errors import Refused
from peersupport.core.translation import refusal_text

from ..models import User
from ..presenters.factors import Field
from .base import PageForm

NO_CODE = {"required": _("Please type the code.")}


class CodeField(forms.CharField):
    """Digits, offered by phones that have them. No type=number: it would drop a leading zero."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attributes), **kwargs)


class CodeForm(PageForm):
    """At the second step."""

    code = CodeField(error_messages=NO_CODE)

    def __init__(self, *args: Any, field: Field, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label, self.fields["code"].help_text = field.label, field.hint

    def add_refusal(self, refused: Refused) -> None:
        self.add_error("code", refusal_text(refused))


class OwnFactorForm(PageForm):
    """A change of one's own factors, for which the password is asked again: the browser may have been left open."""

    password = PasswordField(label=_("Your password"), autocomplete="current-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].widget.attrs.pop("placeholder", None)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This isn't your password."))
        return password


class NewCodesForm(OwnFactorForm):
    """replaced_id: the backup codes that there were when the page was shown."""

    replaced_id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def add_refusal(self, refused: Refused) -> None:
        """Whoever was told that they are made already can make others from here."""
        super().add_refusal(refused)
        self.data = {**self.data, "replaced_id": str(self.initial["replaced_id"])}


class AddAppForm(OwnFactorForm):
    id_prefix = "app"
    field_order = ("code", "password")

    code = CodeField(label=_("The six digits that the app shows now"), error_messages=NO_CODE)

    def add_refusal(self, refused: Refused) -> None:
        self.add_error("code", refusal_text(refused))


class AddPasskeyForm(OwnFactorForm):
    """key: what the browser has made, once it was checked; None if it has made none, or none that fits."""

    id_prefix = "passkey"
    field_order = ("name", "password")

    name = forms.CharField(
        label=_("What do you call it?"),
        max_length=60,
        help_text=_("So that you know later which one it is: “My phone”, or “The key on my key ring”."),
    )

    def __init__(self, *args: Any, key: dict[str, Any] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.key is None:
            raise forms.ValidationError(
                _("No passkey was made, and nothing was saved. Press the button, and follow what your browser says.")
            )
        return data


class PasskeyNameForm(PageForm):
    name = forms.CharField(label=_("What do you call it?"), max_length=60)


class KeptForm(PageForm):
    is_kept = forms.BooleanField(
        label=_("I have them on paper, or where only I can find them"),
        error_messages={
            "required": _("Check the box if you have them. If you don't, make new ones: these aren't shown again.")
        },
    )
