"""What an officer sees and presses once they are back with their receipt."""

import logging
from contextlib import suppress

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from peersupport.program import form_tokens
from peersupport.sealing.queries import is_erased
from peersupport.sealing.receipt import Credentials

from .. import officer_session
from ..actions import officer, transitions
from ..forms.messages import FAILURES, LOOKS_AGAIN, NOT_SENT, MessageForm, fresh_message, number_on
from ..forms.officer import CloseForm, NextPeerForm, ReturnForm
from ..officer_session import OfficerSession
from ..queries import officers

log = logging.getLogger("peersupport.requests")
PAGE = ["GET", "HEAD", "POST"]
# Sent by static/js/thread.js, which looks by itself: that is nobody reading, and keeps no session alive.
LOOKS_BY_ITSELF = "X-Looks-By-Itself"
GONE_ON = "Somebody else has it by now, so nothing was sent. If this is for them too, please press Send once more."
WORD_FOR_ANOTHER = "Somebody else has it by now. If your word is for them, please press “Close and erase” once more."
NOT_CLOSED = "Something broke on our side, so this may not be closed yet. Please press “Close and erase” once more."


@require_http_methods(PAGE)
def thread(request: HttpRequest) -> HttpResponse:
    session = officer_session.current(request)
    if session is None:
        return _ask_for_receipt(request)
    if LOOKS_BY_ITSELF in request.headers and request.method != "POST":
        return show_thread(request, session.credentials, is_read=False)
    if LOOKS_AGAIN in request.POST:
        return _kept_while_open(_look_again(request, session), session)
    form, status = MessageForm(request.POST) if request.method == "POST" else fresh_message(), 200
    if form.is_bound and form.is_valid():
        token, text = form.cleaned_data["token"], form.cleaned_data["text"]
        try:
            turn = number_on(request.POST, "turn")
            officer.write_as_officer(creds=session.credentials, token=token, text=text, turn=turn)
            return _kept_while_open(redirect("requests_app:thread"), session)
        except form_tokens.StaleForm:
            form_tokens.renew(form, "write")
        except transitions.GoneOn:
            form.add_error(None, GONE_ON)
        except transitions.Gone:
            form.add_error(None, "This could not be sent: nobody has your request at the moment. See above.")
        except FAILURES:
            status = failed(form)
    return _kept_while_open(show_thread(request, session.credentials, form=form, status=status), session)


@require_http_methods(PAGE)
def send_on(request: HttpRequest) -> HttpResponse:
    """One press: ask peers again, or somebody else."""
    session, form = officer_session.current(request), NextPeerForm(request.POST)
    if request.method != "POST":  # an address opened again from the history
        return redirect("requests_app:thread")
    if session is None:
        return redirect("requests_app:return")
    chosen = form.cleaned_data if form.is_valid() else {}
    try:
        officer.try_again(creds=session.credentials, turn=number_on(request.POST, "turn"), **chosen)
    except transitions.Gone:
        return _no_longer_open(request, session.credentials)
    return _kept_while_open(redirect("requests_app:thread"), session)


@require_http_methods(PAGE)
def change_peer(request: HttpRequest) -> HttpResponse:
    """Somebody else in the place of the peer who has it: no reason is asked."""
    session = officer_session.current(request)
    if session is None:
        return redirect("requests_app:return")
    form = NextPeerForm(request.POST or None)
    if request.method == "POST":
        next_may_read = form.is_valid() and bool(form.cleaned_data["next_may_read"])
        turn = number_on(request.POST, "turn") or 0
        try:
            officer.change_peer(creds=session.credentials, next_may_read=next_may_read, turn=turn)
        except transitions.GoneOn:
            return _kept_while_open(show_thread(request, session.credentials, has_gone_on=True), session)
        except transitions.Gone:
            pass  # closed, or handed on a moment ago: the thread says so
        return _kept_while_open(redirect("requests_app:thread"), session)
    own = officers.own_request(session.credentials)
    if own is None or own.peer is None:
        return redirect("requests_app:thread")
    page = render(request, "requests_app/change_peer.html", {"own": own, "form": form})
    return _kept_while_open(page, session)


@require_http_methods(PAGE)
def let_next_read(request: HttpRequest) -> HttpResponse:
    """While somebody else is being asked: they may read what was written before."""
    session = officer_session.current(request)
    if session is None:
        return redirect("requests_app:return")
    if request.method == "POST":
        turn = number_on(request.POST, "turn") or 0
        with suppress(transitions.Gone, transitions.GoneOn):  # accepted meanwhile, or closed: the thread says so
            officer.let_next_read(creds=session.credentials, turn=turn)
    return _kept_while_open(redirect("requests_app:thread"), session)


@require_http_methods(PAGE)
def close(request: HttpRequest) -> HttpResponse:
    """Close and erase: "erased" is said only when the key is gone."""
    session = officer_session.current(request)
    if request.method != "POST":  # an address opened again from the history
        return redirect("requests_app:thread")
    form = CloseForm(request.POST)
    if session is None:
        kept = {"own_words": request.POST.get("own_words", "")}
        return render(request, "requests_app/return.html", {"form": ReturnForm(initial=kept), "is_not_closed": True})
    if not form.is_valid():
        return _kept_while_open(show_thread(request, session.credentials, closing=form), session)
    left = {"last_word": form.left_word(), "feedback": form.cleaned_data["feedback"]}
    try:
        key_id = officer.close_as_officer(creds=session.credentials, turn=number_on(request.POST, "turn"), **left)
    except transitions.Gone:
        return _no_longer_open(request, session.credentials)
    except transitions.GoneOn:
        form.add_error(None, WORD_FOR_ANOTHER)
        return _kept_while_open(show_thread(request, session.credentials, closing=form), session)
    except FAILURES:
        return show_thread(request, session.credentials, closing=form, status=failed(form, NOT_CLOSED))
    said = {"is_erased": is_erased(key_id), "has_left_word": bool(left["last_word"])}
    response = render(request, "requests_app/closed.html", said)
    officer_session.end(response)
    return response


def failed(form: forms.Form, sentence: str = NOT_SENT) -> int:
    """The same form with all that was typed, and the status it is answered with. The log gets the place alone."""
    log.exception("what an officer typed could not be sent")
    form.add_error(None, sentence)
    return 503


def show_thread(
    request: HttpRequest,
    creds: Credentials,
    *,
    form: forms.Form | None = None,
    closing: forms.Form | None = None,
    status: int = 200,
    is_read: bool = True,
    has_gone_on: bool = False,
) -> HttpResponse:
    own = officers.own_request(creds)
    if own is None:
        return _no_longer_open(request, creds)
    if is_read:
        with suppress(transitions.Gone, *FAILURES):  # closed by the peer a moment ago, or cannot be noted: it is shown
            officer.mark_read_by_officer(creds=creds, seen=own.messages)
    context = {
        "own": own,
        "form": form or fresh_message(),
        "closing": closing or CloseForm(),
        "next_peer": NextPeerForm(),
        "has_gone_on": has_gone_on,
    }
    return render(request, "requests_app/thread.html", context, status=status)


def _look_again(request: HttpRequest, session: OfficerSession) -> HttpResponse:
    typed = request.POST.get("text", "")
    if not typed.strip():
        return redirect("requests_app:thread")
    return show_thread(request, session.credentials, form=fresh_message(typed))


def _ask_for_receipt(request: HttpRequest) -> HttpResponse:
    """The session has ended: what was typed goes along to the page that asks for the words, and back."""
    typed = request.POST.get("text", "")
    if not typed:
        return redirect("requests_app:return")
    return render(request, "requests_app/return.html", {"form": ReturnForm(initial={"text": typed})})


def _no_longer_open(request: HttpRequest, creds: Credentials) -> HttpResponse:
    context = {"typed": request.POST.get("text", ""), "ended": officers.how_it_ended(creds)}
    response = render(request, "requests_app/no_longer_open.html", context)
    officer_session.end(response)
    return response


def _kept_while_open(response: HttpResponse, session: OfficerSession) -> HttpResponse:
    """Renews the session's 20 minutes, unless the page has just ended it."""
    if officer_session.cookie_name() not in response.cookies:
        officer_session.keep(response, session)
    return response
