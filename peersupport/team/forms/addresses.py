"""The e-mail address of an account: one's own, or of somebody who has never signed in."""

from typing import Any

from allauth.account.fields import PasswordField
from django import forms
from django.utils.translation import gettext_lazy as _

from .base import PageForm


class AddressForm(PageForm):
    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, current: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._current = current

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if email == self._current:
            raise forms.ValidationError(_("This is the address already."))
        return str(email)


class OwnAddressForm(AddressForm):
    password = PasswordField(label=_("Your password"), autocomplete="current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self.fields["email"].help_text = _("A link goes there. Nothing changes until you open it.")
        self.fields["password"].widget.attrs.pop("placeholder", None)
