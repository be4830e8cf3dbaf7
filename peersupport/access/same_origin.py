"""Where a posted form came from, and the texts typed into it, so that a page that can't accept them gives them back."""

from urllib.parse import urlsplit

from django.http import HttpRequest

# The text fields of all forms. Other fields, a password among them, are never given back.
RETURNED_FIELDS = (
    "about", "availability", "benefit", "body", "contact", "criterion_1", "criterion_2", "criterion_3", "criterion_4",
    "criterion_5", "letter", "letter_conditional", "letter_declined",
    "letter_waiting_list", "meeting", "message", "own_words", "qualifications", "reason", "remarks", "statement",
    "text", "training", "why", "words",
)  # fmt: skip


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the form was posted from this site, by Origin and Sec-Fetch-Site; a missing header is no objection."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return site in {"same-origin", "none"} and request.headers.get("Origin") in {None, _own_origin(request)}


def previous_page(request: HttpRequest) -> str:
    """The path on this site of the page with the form; empty if the browser doesn't send one."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    return referrer.path if f"{referrer.scheme}://{referrer.netloc}" == _own_origin(request) else ""


def typed_texts(request: HttpRequest) -> list[str]:
    """What was typed into the form's text fields, in the order of the page; empty for a form of another site.

    If a page has several forms of one kind, each puts a prefix such as "line-0-" before its field names.
    """
    if not is_same_origin(request):  # no other site puts text on a page of ours
        return []
    names = (name for name in request.POST if name.rpartition("-")[2] in RETURNED_FIELDS)
    return [typed for name in names if (typed := request.POST[name].strip())]


def _own_origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
