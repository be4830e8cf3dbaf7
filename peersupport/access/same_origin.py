"""Where a posted form came from. See docs/decisions/0745-what-a-proxy-may-do-to-a-form.md."""

from enum import Enum
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

Address = tuple[str, str | None, int | None]  # scheme, host and port of an origin
DEFAULT_PORTS = {"http": 80, "https": 443}


class Source(Enum):
    """What a request's headers say about the page that posted the form."""

    THIS_SITE = "this_site"
    UNSAID = "unsaid"  # a browser from before 2020, or a program
    UNSURE = "unsure"  # this site isn't named, but no other host is either
    ANOTHER_SITE = "another_site"


def source_of(request: HttpRequest) -> Source:
    """`Sec-Fetch-Site` decides, because no proxy rewrites it and no page can. Without it Origin does, then Referer."""
    fetch_site = request.headers.get("Sec-Fetch-Site", "").strip()
    if fetch_site not in {"", "none"}:  # "none" says that no page made the browser post, and nothing about the form
        return Source.THIS_SITE if fetch_site == "same-origin" else Source.ANOTHER_SITE
    if "Origin" in request.headers:
        return _source_named_by(request, request.headers["Origin"])
    if "Referer" in request.headers:
        return _source_named_by(request, request.headers["Referer"])
    return Source.UNSAID


def is_same_origin(request: HttpRequest) -> bool:
    """Whether a form without a CSRF token may have come from this site."""
    return source_of(request) in {Source.THIS_SITE, Source.UNSAID}


def is_from_another_site(request: HttpRequest) -> bool:
    """Whether what was typed must not be shown: another site may have put it there."""
    return source_of(request) is Source.ANOTHER_SITE


def previous_page(request: HttpRequest) -> str:
    """The path on this site of the page with the form; empty if the browser doesn't send one."""
    referrer = request.headers.get("Referer", "")
    return urlsplit(referrer).path if _address(referrer) in _own_addresses(request) else ""


def _source_named_by(request: HttpRequest, origin: str) -> Source:
    address, own = _address(origin), _own_addresses(request)
    if origin == "null":
        return Source.UNSURE
    if address in own:
        return Source.THIS_SITE
    is_own_host = address is not None and address[1] in {host for _, host, _ in own}
    return Source.UNSURE if is_own_host else Source.ANOTHER_SITE


def _own_addresses(request: HttpRequest) -> set[Address]:
    """As this request names the site and as the settings do: a proxy may have dropped its port or its TLS."""
    named = (_address(f"{request.scheme}://{request.get_host()}"), _address(settings.SITE_URL))
    return {address for address in named if address}


def _address(url: str) -> Address | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port or DEFAULT_PORTS[parts.scheme]
