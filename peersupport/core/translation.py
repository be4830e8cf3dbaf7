"""Translates what pure modules have said in English: labels of closed lists, and refusals."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext, gettext_lazy

from .errors import Refused

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


Code = TypeVar("Code", bound=str)


def choices(labels: Mapping[Code, str]) -> list[tuple[str, "StrPromise"]]:
    """A closed list as the choices of a model's or a form's field: its codes with their labels, in order."""
    return [(str(code), gettext_lazy(label)) for code, label in labels.items()]


def refusal_text(refused: Refused) -> str:
    """What the person who asked reads."""
    sentence = gettext(refused.sentence)
    return sentence % refused.values if refused.values else sentence
