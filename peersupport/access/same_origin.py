"""Where a posted form came from, and what was written in it: a page that cannot take it gives it back."""

from urllib.parse import urlsplit

from django.http import HttpRequest

# The fields of any page in which somebody writes. What stands in others, a password among them, is never given back.
WRITTEN = (
    "about", "availability", "benefit", "body", "contact", "criterion_1", "criterion_2", "criterion_3", "criterion_4",
    "criterion_5", "letter", "letter_conditional", "letter_declined",
    "letter_waiting_list", "meeting", "message", "own_words", "qualifications", "reason", "remarks", "statement",
    "text", "training", "why", "words",
)  # fmt: skip


def is_from_here(request: HttpRequest) -> bool:
    """A browser says where a form comes from in Origin or in Sec-Fetch-Site; either may name somebody else."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return site in {"same-origin", "none"} and request.headers.get("Origin") in {None, _own_origin(request)}


def page_before(request: HttpRequest) -> str:
    """The address on this site of the page that the form stood on; empty where the browser does not say."""
    before = urlsplit(request.headers.get("Referer", ""))
    return before.path if f"{before.scheme}://{before.netloc}" == _own_origin(request) else ""


def written_in(request: HttpRequest) -> list[str]:
    """In the order of the page; of several forms of one kind each puts its own "line-0-" before a field's name.

    Only of a form from here: nobody else puts words on a page of ours.
    """
    if not is_from_here(request):
        return []
    names = (name for name in request.POST if name.rpartition("-")[2] in WRITTEN)
    return [written for name in names if (written := request.POST[name].strip())]


def _own_origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
