"""The officer's visit: one sealed cookie with the two numbers derived from the receipt, never its words.

There is no row on the server. A session ends after 20 minutes without use and after 2 hours at most, or after 7 days
where the officer said that the phone is their own. The cookie also has the numbers of the forms that were sent from
this browser, so that Exit can end them: a browser sends a form again when somebody presses Back and "resend".
"""

import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from peersupport.program import form_tokens
from peersupport.program.form_tokens import VISIT_BYTES, Origin
from peersupport.sealing import envelope, keyring
from peersupport.sealing.receipt import Credentials

from .actions import visits as actions
from .domain import visits
from .queries import visits as queries

IDLE = timedelta(minutes=20)
MAX_AGE = timedelta(hours=2)
OWN_PHONE = timedelta(days=7)
SIZE = 640
FORM_PURPOSES = ("request", "return", "write", "visit")  # of the tokens in an officer's forms
CONTEXT = envelope.context("officer session")


@dataclass(frozen=True)
class OfficerSession:
    """number: random; the forms on the officer's pages bear it. started, seen: seconds since 1970; seen: last use."""

    number: str
    credentials: Credentials
    started: int
    seen: int
    is_own_phone: bool

    def is_current(self, now: datetime) -> bool:
        age, idle = now.timestamp() - self.started, now.timestamp() - self.seen
        if self.is_own_phone:
            return age < OWN_PHONE.total_seconds()
        return idle < IDLE.total_seconds() and age < MAX_AGE.total_seconds()

    @property
    def valid_until(self) -> datetime:
        started = datetime.fromtimestamp(self.started, tz=timezone.get_current_timezone())
        return started + (OWN_PHONE if self.is_own_phone else MAX_AGE)

    def form_token(self, purpose: str) -> str:
        """A token for one form of this visit."""
        return form_tokens.fresh(purpose, visit=self.number)


@dataclass(frozen=True)
class Visit:
    """What the cookie has. forms: the numbers of forms sent from this browser, the newest last."""

    session: OfficerSession | None = None
    forms: tuple[str, ...] = ()

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset([*self.forms, *([self.session.number] if self.session else [])])


def visit_of(request: HttpRequest) -> Visit:
    """What the browser's cookie has; nothing where it doesn't open. The session in it may be over."""
    if not (cookie := request.COOKIES.get(cookie_name())):
        return Visit()
    try:
        sealed = bytes.fromhex(cookie)
        raw = json.loads(envelope.open_under_any(keyring.known("officer-session"), sealed, context=CONTEXT))
        return Visit(_session_from(raw["session"]) if raw["session"] else None, tuple(raw["forms"]))
    except (ValueError, KeyError, envelope.CannotOpen):
        return Visit()


def current(request: HttpRequest) -> OfficerSession | None:
    """The session in the browser's cookie; None without one that is current and that nobody ended by Exit."""
    session = visit_of(request).session
    if session is None or not session.is_current(timezone.now()) or queries.is_ended(session.number):
        return None
    return session


def is_form_over(request: HttpRequest) -> bool:
    """Whether the form that was posted belongs to a visit that has ended: it does nothing, and says nothing back."""
    origin = _origin(request)
    if origin is None:
        return False
    is_ended, known = queries.is_ended(origin.visit), visit_of(request).numbers
    now = timezone.now().timestamp()
    return visits.is_over(origin.visit, origin.opened, known=known, is_ended=is_ended, now=now)


def is_form_known(request: HttpRequest) -> bool:
    """Whether the browser has the cookie of the visit in which this form was sent before."""
    origin = _origin(request)
    return origin is not None and origin.visit in visit_of(request).numbers


def begin(request: HttpRequest, credentials: Credentials, *, is_own_phone: bool) -> OfficerSession:
    """A session of this request. Where the visit was in it before, it goes on, so that its open pages stay good.

    One of another length has another number: the end of a shorter one must not be forgotten before a copy of the longer
    one stops working.
    """
    now, before = int(timezone.now().timestamp()), visit_of(request).session
    goes_on = (
        before is not None
        and (before.credentials, before.is_own_phone) == (credentials, is_own_phone)
        and not queries.is_ended(before.number)
    )
    number = before.number if before and goes_on else secrets.token_hex(VISIT_BYTES)
    return OfficerSession(number, credentials, started=now, seen=now, is_own_phone=is_own_phone)


def start(request: HttpRequest, response: HttpResponse, session: OfficerSession) -> None:
    """Give the browser this session. What was there of another request ends, with its forms."""
    visit, form = visit_of(request), _posted_number(request)
    if visit.session and visit.session.number != session.number:
        _end_numbers(visit, but=form)
        visit = Visit()
    _set(response, _with_form(replace(visit, session=session), form))


def renew(request: HttpRequest, response: HttpResponse, session: OfficerSession) -> None:
    """Restart the 20 minutes."""
    renewed = replace(session, seen=int(timezone.now().timestamp()))
    _set(response, replace(visit_of(request), session=renewed))


def keep_form(request: HttpRequest, response: HttpResponse) -> None:
    """Let the cookie know the form whose answer shows what was typed, so that Exit ends it too."""
    if form := _posted_number(request):
        _set(response, _with_form(visit_of(request), form))


def keep_form_of_errors(request: HttpRequest) -> None:
    """Where the view breaks, the page of the error shows what was typed: Exit ends that form too."""
    request.after_error_page = partial(keep_form, request)  # type: ignore[attr-defined]


def keep_only_form(request: HttpRequest, response: HttpResponse) -> None:
    """After a new request was sent: what was there before ends, an earlier request's session above all."""
    visit, form = visit_of(request), _posted_number(request)
    _end_numbers(visit, but=form)
    if form:
        _set(response, Visit(forms=(form,)))
    elif cookie_name() in request.COOKIES:
        _delete(response)


def end(request: HttpRequest, response: HttpResponse) -> None:
    """End the visit, with its forms and every copy of its cookie."""
    _delete(response)
    _end_numbers(visit_of(request))


def end_and_drop_pages(request: HttpRequest, response: HttpResponse) -> None:
    """End the visit, and make the browser drop the pages it keeps for Back.

    Browsers keep whole pages for Back, with what was typed in them, even those marked no-store; they drop them when a
    cookie of the site changes. Where there is no cookie to delete, an empty one that lasts a second is the change.
    """
    if cookie_name() in request.COOKIES:
        end(request, response)
    else:
        _set_cookie(response, "", max_age=1)


def cookie_name() -> str:
    return f"{settings.COOKIE_PREFIX}visit"


def _origin(request: HttpRequest) -> Origin | None:
    """Where the posted form comes from, found out once for each request."""
    if not hasattr(request, "form_origin"):
        request.form_origin = form_tokens.origin_of(request.POST.get("token", ""), *FORM_PURPOSES)  # type: ignore[attr-defined]
    return request.form_origin  # type: ignore[attr-defined, no-any-return]


def _posted_number(request: HttpRequest) -> str:
    origin = _origin(request)
    return origin.visit if origin else ""


def _with_form(visit: Visit, form: str) -> Visit:
    """This form is among the visit's. The oldest ends where there is no more room in the cookie."""
    if not form or form in visit.numbers:
        return visit
    forms, dropped = visits.with_form(visit.forms, form)
    actions.end(numbers=dropped, now=timezone.now())
    return replace(visit, forms=forms)


def _end_numbers(visit: Visit, *, but: str = "") -> None:
    valid_until = visit.session.valid_until if visit.session else None
    actions.end(numbers=visit.numbers - {but}, now=timezone.now(), valid_until=valid_until)


def _session_from(raw: dict[str, Any]) -> OfficerSession:
    return OfficerSession(
        raw["number"],
        Credentials(bytes.fromhex(raw["locator"]), bytes.fromhex(raw["seed"]), raw["version"]),
        started=raw["started"],
        seen=raw["seen"],
        is_own_phone=raw["own"],
    )


def _raw_session(session: OfficerSession) -> dict[str, Any]:
    return {
        "number": session.number,
        "locator": session.credentials.locator.hex(),
        "seed": session.credentials.seed.hex(),
        "version": session.credentials.version,
        "started": session.started,
        "seen": session.seen,
        "own": session.is_own_phone,
    }


def _set(response: HttpResponse, visit: Visit) -> None:
    session = visit.session
    raw = {"session": _raw_session(session) if session else None, "forms": visit.forms}
    sealed = envelope.seal(keyring.lasting("officer-session"), json.dumps(raw).encode(), size=SIZE, context=CONTEXT)
    is_kept = session is not None and session.is_own_phone
    seconds_left = session.started + int(OWN_PHONE.total_seconds()) - session.seen if session else 0
    _set_cookie(response, sealed.hex(), max_age=seconds_left if is_kept else None)


def _delete(response: HttpResponse) -> None:
    response.delete_cookie(cookie_name(), samesite="Strict")


def _set_cookie(response: HttpResponse, value: str, *, max_age: int | None) -> None:
    response.set_cookie(
        cookie_name(),
        value,
        max_age=max_age,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
