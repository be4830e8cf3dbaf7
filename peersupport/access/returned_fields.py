"""The texts typed into a form, so that a page that can't accept them gives them back."""

from django.http import HttpRequest

from .same_origin import is_from_another_site

# The text fields of all forms. Other fields, a password among them, are never given back.
RETURNED_FIELDS = (
    "about", "availability", "benefit", "body", "contact", "criterion_1", "criterion_2", "criterion_3", "criterion_4",
    "criterion_5", "letter", "letter_conditional", "letter_declined",
    "letter_waiting_list", "meeting", "message", "own_words", "qualifications", "reason", "remarks", "statement",
    "text", "training", "why", "words",
)  # fmt: skip


def typed_texts(request: HttpRequest) -> list[str]:
    """What was typed into the form's text fields, in the order of the page; empty for a form of another site.

    If a page has several forms of one kind, each puts a prefix such as "line-0-" before its field names. What no page
    can be written with, half a surrogate pair, is a question mark.
    """
    if is_from_another_site(request):  # none puts text on a page of ours
        return []
    names = (name for name in request.POST if name.rpartition("-")[2] in RETURNED_FIELDS)
    return [typed.encode(errors="replace").decode() for name in names if (typed := request.POST[name].strip())]
