"""Invitations and accounts."""

from typing import Any

from allauth.account.fields import PasswordField, SetPasswordField
from django import forms
from django.utils.translation import gettext_lazy as _

from peersupport.access.permissions import ROLE_LABELS, Role
from peersupport.program.forms.widgets import PillBoxes

from ..models import User
from .base import PageForm, SamePasswordTwice
from .membership import MemberFactsForm
from .sign_in import NO_MATCH, PASSWORD_HINT


class InviteForm(MemberFactsForm):
    """The member fields are asked for everybody, and used for members only."""

    name = forms.CharField(label=_("Their name"), max_length=120, help_text=_("The name the team uses."))
    email = forms.EmailField(label=_("Their e-mail address"), max_length=254, help_text=_("The link goes there."))
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[],
        widget=PillBoxes,
        error_messages={"required": _("Choose at least one."), "invalid_choice": _("Choose from the list.")},
    )
    field_order = ["name", "email", "roles"]

    def __init__(self, *args: Any, invitable: frozenset[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(role.value, _(ROLE_LABELS[role])) for role in Role if role in invitable]  # type: ignore[attr-defined]
        self.fields["kind"].label = _("Kind of member")

    def clean_roles(self) -> list[Role]:
        return [Role(code) for code in self.cleaned_data["roles"]]


class ChoosePasswordForm(SamePasswordTwice, PageForm):
    password1 = SetPasswordField(label=_("Your password"), help_text=PASSWORD_HINT)
    password2 = PasswordField(label=_("Same password again"), autocomplete="new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].user = user  # type: ignore[attr-defined]
        for name in ("password1", "password2"):
            self.fields[name].widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "password1" in data and "password2" in data and data["password1"] != data["password2"]:
            self.add_error("password2", NO_MATCH)
        return data


class AccountForm(PageForm):
    name = forms.CharField(label=_("Their name"), max_length=120, help_text=_("The name the team uses."))
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[],
        required=False,
        widget=PillBoxes,
        help_text=_("Changes take effect on the next page they open."),
        error_messages={"invalid_choice": _("Choose from the list.")},
    )

    def __init__(self, *args: Any, changeable: frozenset[Role], user: User, **kwargs: Any) -> None:
        held = [role.value for role in user.roles & changeable]
        super().__init__(*args, initial={"name": user.name, "roles": held}, **kwargs)
        self.fields["roles"].choices = [(role.value, _(ROLE_LABELS[role])) for role in Role if role in changeable]  # type: ignore[attr-defined]
        if user.roles <= changeable:
            self.fields["roles"].help_text = _(
                "Changes take effect on the next page they open. If you take away the last role, the "
                "account is deactivated. To bring someone back, invite them again."
            )

    def clean_roles(self) -> list[Role]:
        return [Role(code) for code in self.cleaned_data["roles"]]
