"""The officer's session: one sealed cookie with the two numbers derived from the receipt, never its words.

There is no row on the server. A session ends after 20 minutes without use and after 2 hours at most, or after 7 days
where the officer said that the phone is their own.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from peersupport.sealing import envelope, keyring
from peersupport.sealing.receipt import Credentials

IDLE = timedelta(minutes=20)
MAX_AGE = timedelta(hours=2)
OWN_PHONE = timedelta(days=7)
SIZE = 256
CONTEXT = envelope.context("officer session")


@dataclass(frozen=True)
class OfficerSession:
    """started, seen: seconds since 1970; seen is the last use."""

    credentials: Credentials
    started: int
    seen: int
    is_own_phone: bool

    def is_current(self, now: datetime) -> bool:
        age, idle = now.timestamp() - self.started, now.timestamp() - self.seen
        if self.is_own_phone:
            return age < OWN_PHONE.total_seconds()
        return idle < IDLE.total_seconds() and age < MAX_AGE.total_seconds()


def begin(response: HttpResponse, credentials: Credentials, *, is_own_phone: bool) -> None:
    now = int(timezone.now().timestamp())
    _set(response, OfficerSession(credentials, started=now, seen=now, is_own_phone=is_own_phone))


def current(request: HttpRequest) -> OfficerSession | None:
    """The session in the browser's cookie; None without one that opens and is current."""
    try:
        sealed = bytes.fromhex(request.COOKIES.get(cookie_name(), ""))
        raw = json.loads(envelope.open_under_any(keyring.known("officer-session"), sealed, context=CONTEXT))
    except (ValueError, envelope.CannotOpen):
        return None
    session = OfficerSession(
        Credentials(bytes.fromhex(raw["locator"]), bytes.fromhex(raw["seed"]), raw.get("version", 1)),
        started=raw["started"],
        seen=raw["seen"],
        is_own_phone=raw["own"],
    )
    return session if session.is_current(timezone.now()) else None


def renew(response: HttpResponse, session: OfficerSession) -> None:
    """Restart the 20 minutes."""
    _set(response, replace(session, seen=int(timezone.now().timestamp())))


def end(response: HttpResponse) -> None:
    response.delete_cookie(cookie_name(), samesite="Strict")


def end_and_drop_pages(request: HttpRequest, response: HttpResponse) -> None:
    """End the session, and make the browser drop the pages it keeps for Back.

    Browsers keep whole pages for Back, with what was typed in them, even those marked no-store; they drop them when a
    cookie of the site changes. Where there is no cookie to delete, an empty one that lasts a second is the change.
    """
    if cookie_name() in request.COOKIES:
        end(response)
    else:
        _set_cookie(response, "", max_age=1)


def cookie_name() -> str:
    return f"{settings.COOKIE_PREFIX}visit"


def _set(response: HttpResponse, session: OfficerSession) -> None:
    raw = {
        "locator": session.credentials.locator.hex(),
        "seed": session.credentials.seed.hex(),
        "version": session.credentials.version,
        "started": session.started,
        "seen": session.seen,
        "own": session.is_own_phone,
    }
    sealed = envelope.seal(keyring.lasting("officer-session"), json.dumps(raw).encode(), size=SIZE, context=CONTEXT)
    seconds_left = session.started + int(OWN_PHONE.total_seconds()) - session.seen
    _set_cookie(response, sealed.hex(), max_age=seconds_left if session.is_own_phone else None)


def _set_cookie(response: HttpResponse, value: str, *, max_age: int | None) -> None:
    response.set_cookie(
        cookie_name(),
        value,
        max_age=max_age,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
