"""Where a posted form came from."""

from urllib.parse import urlsplit

from django.http import HttpRequest


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the form was posted from this site, by Origin and Sec-Fetch-Site; a missing header is no objection."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return site in {"same-origin", "none"} and request.headers.get("Origin") in {None, _own_origin(request)}


def previous_page(request: HttpRequest) -> str:
    """The path on this site of the page with the form; empty if the browser doesn't send one."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    return referrer.path if f"{referrer.scheme}://{referrer.netloc}" == _own_origin(request) else ""


def _own_origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
