"""What the forms on staff pages share."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from peersupport.core.errors import Refused
from peersupport.core.translation import refusal_text
from peersupport.program import form_tokens

from ..domain import passwords
from ..domain.roster_rows import EARLIEST, LATEST

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class PageForm(forms.Form):
    """A page can hold several of these: the ids of their fields begin with the form's name.

    id_prefix: what they begin with instead of the name of the class. A text field also needs its name among the
    RETURNED_FIELDS of peersupport/access/returned_fields.py, so that a page that can't accept the form gives it back.
    """

    id_prefix: ClassVar[str] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        prefix = self.id_prefix or type(self).__name__.removesuffix("Form").lower()
        kwargs.setdefault("auto_id", f"{prefix}_%s")
        super().__init__(*args, **kwargs)

    def add_refusal(self, refused: Refused) -> None:
        """Show on the form why an action refused."""
        self.add_error(None, refusal_text(refused))


class SamePasswordTwice(forms.Form):
    """A form with a new password (password1) and the same again (password2): both are compared normalized."""

    def clean_password2(self) -> str:
        return passwords.normalized(self.cleaned_data["password2"])


class SearchForm(forms.Form):
    """Search in a long list. Any text is valid; it finds something or nothing."""

    words = forms.CharField(required=False)

    def __init__(self, *args: Any, label: "StrOrPromise", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = label

    @property
    def query(self) -> str:
        """What was searched for; empty for the whole list."""
        self.full_clean()
        return str(self.cleaned_data.get("words", ""))


def validate_plausible_year(day: date) -> None:
    """Catches mistyped years. The last days that a calendar can express also break date arithmetic."""
    if not EARLIEST <= day <= LATEST:
        raise ValidationError(_("Please check the year."))


class OnceForm(PageForm):
    """Creates something once, however often it is submitted: `form_token_hash` tells the action which page it was."""

    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", form_tokens.fresh(type(self).__name__))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            data["form_token_hash"] = form_tokens.hash_of(data.pop("token", ""), type(self).__name__)
        except form_tokens.StaleForm:
            form_tokens.renew(self, type(self).__name__)
        return data


class DayField(forms.DateField):
    default_validators = [validate_plausible_year]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def validate_not_in_future(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError(_("This day is in the future."))


class UploadForm(PageForm):
    file = forms.FileField(
        label=_("Which file?"), help_text=_("CSV (UTF-8) or Excel (.xlsx), 10 MB at most."),
        error_messages={"empty": _("This file is empty."), "required": _("Please choose a file.")},
    )  # fmt: skip
