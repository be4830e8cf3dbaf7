"""What an officer sees and presses once they have come back with their receipt."""

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from peersupport.access.returned_fields import typed_texts
from peersupport.core.http import FORM_METHODS
from peersupport.program import form_tokens
from peersupport.sealing.queries import is_erased
from peersupport.sealing.receipt import Credentials

from .. import officer_session
from ..actions import officer
from ..actions.request_rows import PeerChanged, RequestUnavailable
from ..actions.threads import TOKEN_PURPOSE
from ..domain.states import Author
from ..forms.messages import FAILURES, NOT_SENT, REFRESH_BUTTON, MessageForm, new_message_form, posted_number
from ..forms.officer_thread import CloseForm, NextPeerForm, new_return_form
from ..officer_session import OfficerSession
from ..presenters import erasure, officer_thread
from ..presenters.messages import shown_messages
from ..queries import officers
from ..queries.officers import OwnRequest

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

log = logging.getLogger("peersupport.requests")
# Sent by static/js/thread.js when it polls. Then nobody is reading, and the session is not kept alive.
POLL_HEADER = "X-Poll"
VISIT_PURPOSE = "visit"  # what the tokens of forms are for that have nothing to be sent only once
PEER_CHANGED = gettext_lazy(
    "Your request has a new peer, so nothing was sent. If this is for them too, press “Send” again."
)
NOTE_FOR_ANOTHER = gettext_lazy(
    "Your request has a new peer, so nothing is closed yet. If your note is for them, press “Close and erase” again."
)
NOT_CLOSED = gettext_lazy(
    "Something went wrong on our side, so this might not be closed yet. Please press “Close and erase” again."
)


def in_visit(view: Callable[[HttpRequest, OfficerSession | None], HttpResponse]) -> Callable[..., HttpResponse]:
    """The view is told the officer's session. A form of a visit that has ended does nothing, and says nothing back."""

    @require_http_methods(FORM_METHODS)
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        officer_session.keep_form_of_errors(request)
        if officer_session.is_form_over(request):
            return render(request, "requests_app/visit_over.html")
        session = officer_session.current(request)
        response = view(request, session)
        if session is None and request.POST and response.status_code == 200:  # it may give back what was typed
            officer_session.keep_form(request, response)
        return response

    return guarded


@in_visit
def thread(request: HttpRequest, session: OfficerSession | None) -> HttpResponse:
    if session is None:
        return _ask_for_receipt(request)
    if POLL_HEADER in request.headers and request.method != "POST":
        return show_thread(request, session, is_read=False)
    if REFRESH_BUTTON in request.POST:
        return _renewed(request, _refresh(request, session), session)
    form, status = MessageForm(request.POST) if request.method == "POST" else write_form(session), 200
    if form.is_bound and form.is_valid():
        token, text = form.cleaned_data["token"], form.cleaned_data["text"]
        try:
            turn = posted_number(request.POST, "turn")
            officer.write(creds=session.credentials, token=token, text=text, turn=turn)
            return _renewed(request, redirect("requests_app:thread"), session)
        except form_tokens.StaleForm:
            form_tokens.renew(form, TOKEN_PURPOSE)
        except PeerChanged:
            form.add_error(None, PEER_CHANGED)
        except RequestUnavailable:
            form.add_error(None, _("This couldn't be sent: nobody can read it right now. See above."))
        except FAILURES:
            status = add_failure(form)
    return _renewed(request, show_thread(request, session, form=form, status=status), session)


@in_visit
def offer_again(request: HttpRequest, session: OfficerSession | None) -> HttpResponse:
    """One press: offer it again, or to somebody else."""
    form = NextPeerForm(request.POST)
    if request.method != "POST":  # the address was opened from the browser's history
        return redirect("requests_app:thread")
    if session is None:
        return redirect("requests_app:return")
    pressed = form.cleaned_data if form.is_valid() else {}
    try:
        officer.offer_again(
            creds=session.credentials,
            turn=posted_number(request.POST, "turn"),
            waiver=pressed.get("waiver"),
            next_may_read=bool(pressed.get("next_may_read")),
        )
    except RequestUnavailable:
        return _request_ended(request, session.credentials)
    return _renewed(request, redirect("requests_app:thread"), session)


@in_visit
def change_peer(request: HttpRequest, session: OfficerSession | None) -> HttpResponse:
    """Have it offered to somebody else than the peer who has it. No reason is asked."""
    if session is None:
        return redirect("requests_app:return")
    form = NextPeerForm(request.POST or None)
    if request.method == "POST":
        next_may_read = form.is_valid() and bool(form.cleaned_data["next_may_read"])
        turn = posted_number(request.POST, "turn") or 0
        try:
            officer.change_peer(creds=session.credentials, next_may_read=next_may_read, turn=turn)
        except PeerChanged:
            return _renewed(request, show_thread(request, session, has_peer_changed=True), session)
        except RequestUnavailable:
            pass  # closed or passed on a moment ago, which the thread says
        return _renewed(request, redirect("requests_app:thread"), session)
    own = officers.own_request(session.credentials)
    if own is None or own.peer is None:
        return redirect("requests_app:thread")
    context = {"own": own, "form": form, "form_token": session.form_token(VISIT_PURPOSE)}
    page = render(request, "requests_app/change_peer.html", context)
    return _renewed(request, page, session)


@in_visit
def share_thread(request: HttpRequest, session: OfficerSession | None) -> HttpResponse:
    """While it is offered to others: let whoever accepts read the thread so far."""
    if session is None:
        return redirect("requests_app:return")
    if request.method == "POST":
        turn = posted_number(request.POST, "turn") or 0
        with suppress(RequestUnavailable, PeerChanged):  # accepted or closed a moment ago, which the thread says
            officer.share_thread(creds=session.credentials, turn=turn)
    return _renewed(request, redirect("requests_app:thread"), session)


@in_visit
def close(request: HttpRequest, session: OfficerSession | None) -> HttpResponse:
    """Close and erase. "Erased" is only said once the key is gone."""
    if request.method != "POST":  # the address was opened from the browser's history
        return redirect("requests_app:thread")
    form = CloseForm(request.POST)
    if session is None:
        kept = {"own_words": request.POST.get("own_words", "")}
        return render(request, "requests_app/return.html", {"form": new_return_form(**kept), "is_not_closed": True})
    if not form.is_valid():
        return _renewed(request, show_thread(request, session, closing=form), session)
    note, feedback, turn = form.note(), form.cleaned_data["feedback"], posted_number(request.POST, "turn")
    try:
        closed = officer.close(creds=session.credentials, note=note, feedback=feedback, turn=turn)
    except RequestUnavailable:
        return _request_ended(request, session.credentials)
    except PeerChanged:
        form.add_error(None, NOTE_FOR_ANOTHER)
        return _renewed(request, show_thread(request, session, closing=form), session)
    except FAILURES:
        return show_thread(request, session, closing=form, status=add_failure(form, NOT_CLOSED))
    return _closed(request, closed, has_note=bool(note))


def add_failure(form: forms.Form, sentence: "StrOrPromise" = NOT_SENT) -> int:
    """Say on the form that something broke, and keep what was typed. Returns the status. The log gets no typed word."""
    log.exception("what an officer typed could not be sent")
    form.add_error(None, sentence)
    return 503


def show_thread(
    request: HttpRequest,
    session: OfficerSession,
    *,
    form: forms.Form | None = None,
    closing: forms.Form | None = None,
    status: int = 200,
    is_read: bool = True,
    has_peer_changed: bool = False,
) -> HttpResponse:
    creds = session.credentials
    own = officers.own_request(creds)
    if own is None:
        return _request_ended(request, creds)
    if is_read and not own.is_marked_read and request.method != "HEAD":  # that shows nothing
        # The peer may have closed it a moment ago, or the mark can't be saved: the page is shown all the same.
        with suppress(RequestUnavailable, *FAILURES):
            officer.mark_read(creds=creds, seen=own.messages)
    page = _thread_context(own, form or write_form(session), closing or CloseForm())
    more = {"has_peer_changed": has_peer_changed, "form_token": session.form_token(VISIT_PURPOSE)}
    return render(request, "requests_app/thread.html", {**page, **more}, status=status)


def write_form(session: OfficerSession, text: str = "") -> MessageForm:
    """A message form of this visit, with what was typed before."""
    return new_message_form(text, token=session.form_token(TOKEN_PURPOSE))


def _thread_context(own: OwnRequest, form: forms.Form, closing: forms.Form) -> dict[str, object]:
    other = str(own.peer or _("Your peer"))
    return {
        "own": own,
        "page": officer_thread.thread_page(own),
        "thread": shown_messages(
            own.words, own.thread, own=Author.OFFICER, other=other, seen=own.seen, seen_by_other=own.seen_by_peer
        ),
        "other": other,
        "next_steps": officer_thread.next_steps(own),
        "writing": "requests_app/write.html" if own.peer else "requests_app/check_again.html",
        "form": form,
        "closing": closing,
        "is_closing_open": own.is_closing_suggested or closing.is_bound or bool(closing["own_words"].value()),
        "next_peer": NextPeerForm,  # made where a page shows it
    }


def _refresh(request: HttpRequest, session: OfficerSession) -> HttpResponse:
    typed = request.POST.get("text", "")
    if not typed.strip():
        return redirect("requests_app:thread")
    return show_thread(request, session, form=write_form(session, typed))


def _ask_for_receipt(request: HttpRequest) -> HttpResponse:
    """The session has ended: the page that asks for the receipt carries along what was typed."""
    typed = request.POST.get("text", "")
    if not typed:
        return redirect("requests_app:return")
    return render(request, "requests_app/return.html", {"form": new_return_form(text=typed)})


def _closed(request: HttpRequest, closed: officer.Closed, *, has_note: bool) -> HttpResponse:
    is_gone = is_erased(closed.key_id)
    context = {
        "title": erasure.closed_title(is_erased=is_gone),
        "text": erasure.closed_text(is_erased=is_gone),
        "about_note": erasure.note_text(is_left=closed.has_left_note) if has_note else "",
        "typed_texts": [] if closed.has_left_note else typed_texts(request),
    }
    response = render(request, "requests_app/closed.html", context)
    officer_session.end(request, response)
    return response


def _request_ended(request: HttpRequest, creds: Credentials) -> HttpResponse:
    ending = officers.ending_of(creds)
    context = {
        "title": erasure.ended_title(ending),
        "text": erasure.ended_text(ending),
        "typed_texts": typed_texts(request),
    }
    response = render(request, "requests_app/request_ended.html", context)
    officer_session.end(request, response)
    return response


def _renewed(request: HttpRequest, response: HttpResponse, session: OfficerSession) -> HttpResponse:
    """Renew the session's 20 minutes, unless this response ends it."""
    if officer_session.cookie_name() not in response.cookies:
        officer_session.renew(request, response, session)
    return response
