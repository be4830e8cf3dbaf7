"""When a sign-in ends: after a while without use, at its last hour, or with the shift on a member's own phone.

The last hour is that of the session's row (peersupport/access/sessions.py); the last use is known to the browser alone.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from peersupport.access.permissions import Role

from . import session_keys
from .browser_marks import CONFIRMED, SEEN
from .models import User

SIGN_IN = "sign_in"  # in the session: a random name of this sign-in, which the browser's marks are bound to
SHIFT = "shift"  # in the session, if it lasts a shift
SIGNAL_KEY = "shift_end"  # in the data that allauth carries from the password step to the end of the sign-in


def shift_end(now: datetime) -> datetime:
    """When a shift that begins now is over: at a full hour, so that no row shows the minute in which it began."""
    return (now + timedelta(hours=settings.SHIFT_HOURS)).replace(minute=0, second=0, microsecond=0)


def may_last_a_shift(user: User) -> bool:
    """Members who are nothing else: no page of a coordinator opens on a phone that lies somewhere for hours."""
    return bool(settings.SHIFT_HOURS) and user.roles == {Role.MEMBER}


def begin(request: HttpRequest, *, until: datetime | None) -> None:
    """The session has just been signed in. until: the end of the shift that it lasts; None for any other."""
    request.session[SIGN_IN] = secrets.token_urlsafe(16)
    request.session[SHIFT] = until is not None
    request.session.set_expiry(until)


def is_shift(request: HttpRequest) -> bool:
    return bool(request.session.get(SHIFT))


def sign_in_of(request: HttpRequest) -> str:
    """What this browser's marks are bound to; empty if nobody has signed in."""
    return str(request.session.get(SIGN_IN, ""))


def is_over(request: HttpRequest, user: User) -> bool:
    if is_shift(request):
        return not may_last_a_shift(user)
    seen = SEEN.read(request, sign_in_of(request))
    return seen is None or timezone.now() - seen >= timedelta(minutes=settings.SESSION_IDLE_MINUTES)


def renew(request: HttpRequest, response: HttpResponse) -> None:
    """The minutes without use start again with a page that the person opened.

    Not with one that loads itself again, nor with what a script fetches.
    """
    is_opened = "Refresh" not in response and request.headers.get("Sec-Fetch-Dest", "document") == "document"
    if is_opened and not is_shift(request):
        SEEN.set(response, sign_in_of(request))


def forget(request: HttpRequest, response: HttpResponse) -> None:
    """Take what the browser has of a sign-in that is over."""
    session_keys.drop(request, response)
    for mark in (SEEN, CONFIRMED):
        mark.delete(response)


class SessionEndMiddleware:
    """Signs out whoever is over their time, before anything else asks who is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.is_anonymous_page:  # type: ignore[attr-defined]
            return self.get_response(request)
        has_ended = request.user.is_authenticated and is_over(request, request.user)
        if has_ended:
            logout(request)
        response = self.get_response(request)
        if request.user.is_authenticated:
            renew(request, response)
        elif has_ended:
            forget(request, response)
        return response
