"""What the forms of the staff's pages share."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from peersupport.core.errors import Refused
from peersupport.program import form_tokens

from ..domain.roster_rows import EARLIEST, LATEST


class PageForm(forms.Form):
    """A page can hold several of these: their fields are told apart by the form's name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.removesuffix('Form').lower()}_%s")
        super().__init__(*args, **kwargs)

    def obey(self, refused: Refused) -> None:
        self.add_error(None, refused.sentence)


class SearchForm(forms.Form):
    """Over a long list. Whatever was typed finds something or nothing; nothing is refused."""

    words = forms.CharField(required=False)

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = label

    @property
    def typed(self) -> str:
        """What was looked for; empty for the whole list."""
        self.full_clean()
        return str(self.cleaned_data.get("words", ""))


def in_a_year_that_can_be(day: date) -> None:
    """A day that somebody has mistyped; no calendar can count on from the very last ones."""
    if not EARLIEST <= day <= LATEST:
        raise ValidationError("Please look at the year again.")


class OnceForm(PageForm):
    """Makes something new: `press` tells the action that this form was sent before, so that it is made once."""

    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", form_tokens.fresh(type(self).__name__))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            data["press"] = form_tokens.press_of(data.pop("token", ""), type(self).__name__)
        except form_tokens.StaleForm:
            form_tokens.renew(self, type(self).__name__)
        return data


class DayField(forms.DateField):
    default_validators = [in_a_year_that_can_be]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def not_later_than_today(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError("This day has not come yet.")
