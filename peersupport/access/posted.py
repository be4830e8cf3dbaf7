"""Where a posted form came from, and what was typed in it: a page that cannot take it gives it back."""

from urllib.parse import urlsplit

from django.http import HttpRequest

# The fields with room for several lines on the pages behind the sign-in.
AT_LENGTH = (
    "text", "about", "body", "letter", "letter_conditional", "letter_declined", "letter_waiting_list", "meeting",
    "reason", "remarks", "words",
)  # fmt: skip


def is_from_here(request: HttpRequest) -> bool:
    """A browser says where a form comes from in Origin or in Sec-Fetch-Site; either may name somebody else."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return site in {"same-origin", "none"} and request.headers.get("Origin") in {None, _own_origin(request)}


def page_before(request: HttpRequest) -> str:
    """The address on this site of the page that the form stood on; empty where the browser does not say."""
    before = urlsplit(request.headers.get("Referer", ""))
    return before.path if f"{before.scheme}://{before.netloc}" == _own_origin(request) else ""


def typed_at_length(request: HttpRequest) -> list[str]:
    return [typed for name in AT_LENGTH if (typed := request.POST.get(name, "").strip())]


def _own_origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
