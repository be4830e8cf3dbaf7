"""The forms of the team's pages."""

from typing import Any

from allauth.account.fields import PasswordField, SetPasswordField
from django import forms

from peersupport.access.permissions import ROLE_LABELS, Role
from peersupport.core.errors import Refused
from peersupport.program.forms.widgets import PillBoxes, Pills

from ..domain.attributes import GENDER_LABELS, LANGUAGE_LABELS, Gender, Language
from ..domain.states import END_REASON_LABELS, KIND_LABELS, EndReason, Kind
from ..models import Member, User
from .base import DayField, PageForm, not_later_than_today
from .sign_in import NO_MATCH, PASSWORD_HINT

UNIT_HINT = "So that an officer can ask for somebody from elsewhere."


class MemberFactsForm(PageForm):
    kind = forms.ChoiceField(
        label="They are", choices=[(kind.value, KIND_LABELS[kind]) for kind in Kind], widget=Pills, initial=Kind.SWORN
    )
    unit = forms.CharField(label="Unit", required=False, max_length=80, help_text=UNIT_HINT)
    agency = forms.CharField(
        label="Agency", required=False, max_length=120, help_text="Only when it is another agency than yours."
    )
    is_supervisor = forms.BooleanField(
        label="They supervise others",
        required=False,
        help_text="Supervisors are offered a request only when the officer says yes to one.",
    )


class InviteForm(MemberFactsForm):
    """What a member needs is asked of everybody and used for members only."""

    name = forms.CharField(label="Their name", max_length=120, help_text="As the team calls them.")
    email = forms.EmailField(label="Their e-mail address", max_length=254, help_text="The link goes there.")
    roles = forms.MultipleChoiceField(
        label="What they will do",
        choices=[],
        widget=PillBoxes,
        error_messages={"required": "Choose at least one.", "invalid_choice": "Choose from the list."},
    )
    field_order = ["name", "email", "roles"]

    def __init__(self, *args: Any, invitable: frozenset[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(role.value, ROLE_LABELS[role]) for role in Role if role in invitable]  # type: ignore[attr-defined]
        self.fields["kind"].label = "A member is"

    def clean_roles(self) -> list[Role]:
        return [Role(code) for code in self.cleaned_data["roles"]]


class AccountForm(PageForm):
    name = forms.CharField(label="Their name", max_length=120, help_text="As the team calls them.")
    roles = forms.MultipleChoiceField(
        label="What they do",
        choices=[],
        required=False,
        widget=PillBoxes,
        help_text="It takes effect on the next page they open.",
        error_messages={"invalid_choice": "Choose from the list."},
    )

    def __init__(self, *args: Any, changeable: frozenset[Role], user: User, **kwargs: Any) -> None:
        held = [role.value for role in user.roles & changeable]
        super().__init__(*args, initial={"name": user.name, "roles": held}, **kwargs)
        self.fields["roles"].choices = [(role.value, ROLE_LABELS[role]) for role in Role if role in changeable]  # type: ignore[attr-defined]

    def clean_roles(self) -> list[Role]:
        return [Role(code) for code in self.cleaned_data["roles"]]


class ChoosePasswordForm(PageForm):
    password1 = SetPasswordField(label="Your password", help_text=PASSWORD_HINT)
    password2 = PasswordField(label="The same again", autocomplete="new-password")

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


class DesignationForm(PageForm):
    on = DayField(label="Day of the designation", validators=[not_later_than_today])
    head = forms.CharField(label="Head of the agency who designated them", max_length=120)
    order = forms.CharField(label="Number of the order", max_length=60)


class RenewalForm(DesignationForm):
    on = DayField(label="Day of the renewal", validators=[not_later_than_today])
    head = forms.CharField(label="Head of the agency who renewed it", max_length=120)


class AgreementForm(PageForm):
    """version: the wording that was on the page."""

    name = forms.CharField(
        label="Sign with your name",
        max_length=120,
        help_text="Type it as the team knows you. It is kept with the wording and the time.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def ask_for(self, version: int) -> None:
        """Whatever was typed before, what is signed next is the wording that is on the page now."""
        self.initial["version"] = version
        if self.is_bound:
            self.data = {**self.data, "version": str(version)}


class LeaveForm(PageForm):
    first = DayField(label="First day of leave", help_text="From then on nothing is offered to them.")
    last = DayField(label="Last day of leave", required=False, help_text="Leave it open if it is not known yet.")


class EndForm(PageForm):
    reason = forms.ChoiceField(
        label="Why", choices=[(reason.value, END_REASON_LABELS[reason]) for reason in EndReason], widget=Pills
    )
    on = DayField(label="Last day on the team", validators=[not_later_than_today])

    def clean_reason(self) -> EndReason:
        return EndReason(self.cleaned_data["reason"])


class ProfileForm(PageForm):
    about = forms.CharField(
        label="What should an officer know of you?",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Stands beside your name on the public page of the team. At most 300 characters.",
    )
    unit = forms.CharField(
        label="Your unit",
        required=False,
        max_length=80,
        help_text=UNIT_HINT,
    )
    languages = forms.MultipleChoiceField(
        label="What do you speak besides English?",
        required=False,
        choices=[(language.value, LANGUAGE_LABELS[language]) for language in Language],
        widget=PillBoxes,
        help_text="Optional, like the next one. An officer can ask for it.",
    )
    gender = forms.ChoiceField(
        label="You are",
        required=False,
        choices=[("", "I would rather not say"), *((gender.value, GENDER_LABELS[gender]) for gender in Gender)],
        widget=Pills,
    )
    cap = forms.IntegerField(
        label="How many open contacts can you carry?",
        min_value=1,
        max_value=20,
        help_text="When you have that many, nothing new is offered to you.",
    )

    @classmethod
    def of(cls, member: Member) -> "ProfileForm":
        return cls(initial={name: getattr(member, name) for name in cls.base_fields})


class RecoveryCodeForm(PageForm):
    code = forms.CharField(
        label="Type your recovery code",
        max_length=500,
        help_text="The eight words from your paper. Spaces and capitals do not matter.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class PasswordForm(PageForm):
    password = PasswordField(label="Your password", autocomplete="current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs.pop("placeholder", None)


class BellForm(PageForm):
    address = forms.CharField(
        label="The address that rings your telephone",
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Type the address, or leave things as they are."},
    )

    def obey(self, refused: Refused) -> None:
        self.add_error("address", refused.sentence)


class UploadForm(PageForm):
    file = forms.FileField(
        label="Which file?", help_text="CSV (UTF-8) or Excel (.xlsx), 10 MB at most.",
        error_messages={"empty": "This file is empty.", "required": "Please choose a file."},
    )  # fmt: skip
