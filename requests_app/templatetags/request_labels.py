"""Labels of codes, where a page shows what was chosen."""

from collections.abc import Mapping
from typing import Any

from django import forms, template

from peersupport.program import vocabulary
from peersupport.team.domain.attributes import Gender

from ..domain.matching import MATCH_REASON_LABELS, MatchReason

register = template.Library()

GENDER_PHRASES = {Gender.WOMAN: "a woman", Gender.MAN: "a man", Gender.NONBINARY: "somebody non-binary"}


@register.filter
def concern_label(code: str) -> str:
    return vocabulary.CONCERN.labels.get(code, "")


@register.filter
def reason_text(reason: MatchReason, card: Mapping[str, Any]) -> str:
    """Why it is offered to this member, addressed to them."""
    return MATCH_REASON_LABELS[reason].format(gender=GENDER_PHRASES.get(card["gender"], ""))


@register.filter
def chosen_label(field: forms.BoundField) -> str:
    """The label of the choice that was made."""
    return dict(field.field.choices).get(field.value(), "")  # type: ignore[attr-defined]
