"""A member's private key while they are signed in: in the session, sealed under a key that only the browser has.

Neither the session row nor the cookie opens anything alone.
"""

import binascii
from base64 import b64decode, b64encode
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from peersupport.sealing import envelope

SESSION_KEY = "member_key"
SIGNAL_KEY = "member_key"  # in the data that allauth carries from the password step to the end of the sign-in
SIZE = 64


class SplitKey(NamedTuple):
    """A private key in two halves that open only together: the sealed key, and the key it is sealed under."""

    session_half: str
    browser_half: str


def cookie_name() -> str:
    return f"{settings.COOKIE_PREFIX}peerkey"


def split(private_key: bytes, user_id: int) -> SplitKey:
    browser_key = envelope.new_key()
    sealed = envelope.seal(browser_key, private_key, size=SIZE, context=_context(user_id))
    return SplitKey(b64encode(sealed).decode(), b64encode(browser_key).decode())


def set_cookie(response: HttpResponse, split_key: SplitKey, *, until: datetime | None = None) -> None:
    """The browser's half, until they sign out or close the browser. until: the end of a shift, which outlasts that."""
    response.set_cookie(
        cookie_name(),
        split_key.browser_half,
        max_age=int((until - timezone.now()).total_seconds()) if until else None,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def unlocked_key(request: HttpRequest) -> bytes | None:
    """The member's private key; None if nobody is signed in, or if a half is missing or belongs to somebody else."""
    session_half, browser_half = request.session.get(SESSION_KEY), request.COOKIES.get(cookie_name())
    if not (request.user.is_authenticated and session_half and browser_half):
        return None
    try:
        sealed, browser_key = b64decode(session_half), b64decode(browser_half)
        return envelope.open_sealed(browser_key, sealed, context=_context(_user_id(request)))
    except (envelope.CannotOpen, binascii.Error, ValueError):
        return None


def drop(request: HttpRequest, response: HttpResponse) -> None:
    request.session.pop(SESSION_KEY, None)
    response.delete_cookie(cookie_name(), samesite="Lax")
    response.cookies[cookie_name()]["secure"] = settings.SESSION_COOKIE_SECURE


def _user_id(request: HttpRequest) -> int:
    return request.user.pk or 0  # 0 is nobody's id


def _context(user_id: int) -> bytes:
    return envelope.context("member key", "session", user_id)
