"""The member's private key while they are signed in: in their session, but sealed under what only their browser has.

The session row alone opens nothing, and neither does the second cookie.
"""

import binascii
from base64 import b64decode, b64encode
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from peersupport.sealing import envelope

IN_SESSION = "member_key"
CARRIED = "member_key"  # among what allauth carries from the password step to the end of signing in
SIZE = 64


class Parted(NamedTuple):
    """A private key in two halves that open only together: one for the session, one for the browser."""

    for_session: str
    for_browser: str


def cookie_name() -> str:
    return f"{settings.COOKIE_PREFIX}peerkey"


def part(private_key: bytes, user_id: int) -> Parted:
    browser_key = envelope.new_key()
    sealed = envelope.seal(browser_key, private_key, size=SIZE, context=_context(user_id))
    return Parted(b64encode(sealed).decode(), b64encode(browser_key).decode())


def hold(request: HttpRequest, response: HttpResponse, private_key: bytes) -> None:
    """Keep the signed-in member's key at hand until they sign out or close the browser."""
    parted = part(private_key, _user_id(request))
    request.session[IN_SESSION] = parted.for_session
    give_to_browser(response, parted)


def give_to_browser(response: HttpResponse, parted: Parted) -> None:
    response.set_cookie(
        cookie_name(),
        parted.for_browser,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def unlocked_key(request: HttpRequest) -> bytes | None:
    """The member's private key; none when nobody is signed in, or when either half is missing or not theirs."""
    for_session, for_browser = request.session.get(IN_SESSION), request.COOKIES.get(cookie_name())
    if not (request.user.is_authenticated and for_session and for_browser):
        return None
    try:
        sealed, browser_key = b64decode(for_session), b64decode(for_browser)
        return envelope.open_sealed(browser_key, sealed, context=_context(_user_id(request)))
    except (envelope.CannotOpen, binascii.Error, ValueError):
        return None


def drop(request: HttpRequest, response: HttpResponse) -> None:
    request.session.pop(IN_SESSION, None)
    response.delete_cookie(cookie_name(), samesite="Lax")
    response.cookies[cookie_name()]["secure"] = settings.SESSION_COOKIE_SECURE


def _user_id(request: HttpRequest) -> int:
    return request.user.pk or 0  # 0 is nobody's number


def _context(user_id: int) -> bytes:
    return envelope.context("member key in a session", user_id)
