"""Translates what pure modules have said in English: labels of closed lists, refusals, remarks on uploaded rows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext, gettext_lazy

from .errors import Refused

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from .spreadsheet.preview import Remark


Code = TypeVar("Code", bound=str)


def choices(labels: Mapping[Code, str]) -> list[tuple[str, "StrPromise"]]:
    """A closed list as the choices of a model's or a form's field: its codes with their labels, in order."""
    return [(str(code), gettext_lazy(label)) for code, label in labels.items()]


def refusal_text(refused: Refused) -> str:
    """What the person who asked reads."""
    return _filled_in(refused.sentence, refused.values)


def remark_text(remark: "Remark") -> str:
    """A remark on a row of an uploaded file, as the preview of the file shows it."""
    return _filled_in(remark["text"], remark.get("values", {}))


def _filled_in(sentence: str, values: Mapping[str, object]) -> str:
    translated = gettext(sentence)
    return translated % values if values else translated
