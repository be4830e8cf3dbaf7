"""Words for codes, where a page shows what was chosen."""

from collections.abc import Mapping
from typing import Any

from django import forms, template

from peersupport.program import vocabulary
from peersupport.team.domain.attributes import Gender

from ..domain.matching import REASON_LABELS, Reason

register = template.Library()

SOMEBODY = {Gender.WOMAN: "a woman", Gender.MAN: "a man", Gender.NONBINARY: "somebody non-binary"}


@register.filter
def concern_label(code: str) -> str:
    return vocabulary.CONCERN.labels.get(code, "")


@register.filter
def reason_words(reason: Reason, card: Mapping[str, Any]) -> str:
    """Why this member is asked, said to them."""
    return REASON_LABELS[reason].format(gender=SOMEBODY.get(card["gender"], ""))


@register.filter
def chosen_label(field: forms.BoundField) -> str:
    """The words of the choice that was made."""
    return dict(field.field.choices).get(field.value(), "")  # type: ignore[attr-defined]
