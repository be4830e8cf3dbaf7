"""What a form says about an invalid answer, unless it has a better message of its own."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ERROR_MESSAGES: dict[type[forms.Field], "dict[str, StrOrPromise]"] = {
    forms.Field: {
        "required": _("Please fill this in."),
        "min_value": _("Please enter %(limit_value)s or more."),
        "max_value": _("Please enter %(limit_value)s or less."),
        "max_length": _("Please use at most %(limit_value)d characters."),
    },
    forms.IntegerField: {"invalid": _("Please enter a whole number, such as 8.")},
    forms.BooleanField: {"required": _("Please check this box.")},
    forms.ChoiceField: {"required": _("Please choose one.")},
    forms.MultipleChoiceField: {"required": _("Please choose at least one.")},
    forms.FileField: {"required": _("Please choose a file.")},
}


def replace_django_messages() -> None:
    """Change the defaults of the field classes, so that no form can forget it."""
    for field, messages in ERROR_MESSAGES.items():
        field.default_error_messages = {**vars(field).get("default_error_messages", {}), **messages}
