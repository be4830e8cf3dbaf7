"""Words for codes, where a page shows what was chosen."""

from django import forms, template

from peersupport.program import vocabulary
from requests_app.matching import REASON_LABELS, Reason

register = template.Library()


@register.filter
def concern_label(code: str) -> str:
    return vocabulary.CONCERN.labels.get(code, "")


@register.filter
def reason_words(reason: Reason) -> str:
    """Why this member is asked, said to them."""
    return REASON_LABELS[reason]


@register.filter
def chosen_label(field: forms.BoundField) -> str:
    """The words of the choice that was made."""
    return dict(field.field.choices).get(field.value(), "")  # type: ignore[attr-defined]
