"""The officer's side: no account, no session row, no cookie before they come back with their receipt."""

import logging
from contextlib import suppress

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from peersupport.program import queries as program
from peersupport.sealing import keyring
from peersupport.sealing.receipt import Credentials, credentials
from requests_app import actions, officer_session, queries, tokens
from requests_app.forms import FAILURES, NOT_SENT, MessageForm, RequestForm, ReturnForm
from requests_app.states import Urgency

log = logging.getLogger("peersupport.requests")
PAGE = ["GET", "HEAD", "POST"]
NOT_OPEN = "Nothing is open under these words. It may have been closed and erased, or one of the words is another."


@require_http_methods(PAGE)
def ask(request: HttpRequest) -> HttpResponse:
    if program.opened_on() is None:
        return render(request, "requests_app/not_open_yet.html")
    choosable = queries.choosable(timezone.now())
    initial = {} if request.POST else {"token": tokens.fresh("ask"), "urgency": Urgency.TODAY}
    form, status = RequestForm(request.POST or None, initial=initial, choosable=choosable), 200
    if request.method == "POST" and form.is_valid():
        try:
            sent = actions.send(token=form.cleaned_data["token"], typed=form.typed())
        except actions.AlreadySent:
            return render(request, "requests_app/already_sent.html")
        except tokens.StaleForm:
            tokens.renew(form, "ask")
        except FAILURES:
            status = _failed(form)
        else:
            return render(request, "requests_app/receipt.html", {"sent": sent})
    return render(request, "requests_app/ask.html", {"form": form}, status=status)


@require_http_methods(PAGE)
def come_back(request: HttpRequest) -> HttpResponse:
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        creds = credentials(keyring.lasting("credentials"), form.cleaned_data["receipt"])
        if queries.request_with(creds) is None:
            form.add_error(
                "receipt",
                "Nothing is open under these words. It may have been closed and erased, "
                "or one of the words is another.",
            )
        else:
            response = _after_return(request, creds, form.cleaned_data["text"])
            officer_session.begin(response, creds, is_own_phone=form.cleaned_data["own_phone"])
            return response
    return render(request, "requests_app/return.html", {"form": form})


@require_http_methods(PAGE)
def thread(request: HttpRequest) -> HttpResponse:
    session = officer_session.current(request)
    if session is None:
        return _ask_for_receipt(request)
    form, status = MessageForm(request.POST or None, initial={"token": tokens.fresh("write")}), 200
    if request.method == "POST" and form.is_valid():
        token, text = form.cleaned_data["token"], form.cleaned_data["text"]
        try:
            actions.write_as_officer(creds=session.credentials, token=token, text=text)
            return _kept_while_open(redirect("requests_app:thread"), session)
        except tokens.StaleForm:
            tokens.renew(form, "write")
        except actions.Gone:
            form.add_error(None, "This could not be sent: nobody has your request at the moment. See above.")
        except FAILURES:
            status = _failed(form)
    return _kept_while_open(_thread_page(request, session.credentials, form, status), session)


@require_http_methods(PAGE)
def send_on(request: HttpRequest) -> HttpResponse:
    """One press: ask peers again, or somebody else."""
    session = officer_session.current(request)
    if request.method != "POST":  # an address opened again from the history
        return redirect("requests_app:thread")
    if session is None:
        return redirect("requests_app:return")
    try:
        actions.send_on(creds=session.credentials)
    except actions.Gone:
        return _no_longer_open(request)
    return redirect("requests_app:thread")


@require_http_methods(PAGE)
def close(request: HttpRequest) -> HttpResponse:
    """Close and erase: "erased" is said only when the key is gone."""
    session = officer_session.current(request)
    if request.method != "POST":  # an address opened again from the history
        return redirect("requests_app:thread")
    if session is None:
        return render(request, "requests_app/return.html", {"form": ReturnForm(), "is_not_closed": True})
    try:
        key_id = actions.close_as_officer(creds=session.credentials)
    except actions.Gone:
        return _no_longer_open(request)
    response = render(request, "requests_app/closed.html", {"is_erased": keyring.is_destroyed(key_id)})
    officer_session.end(response)
    return response


@require_http_methods(["GET", "HEAD"])
def leave(request: HttpRequest) -> HttpResponse:
    """Exit: ends the officer's session and goes to a harmless page."""
    response = HttpResponseRedirect(settings.EXIT_URL)
    officer_session.leave(request, response)
    return response


def _ask_for_receipt(request: HttpRequest) -> HttpResponse:
    """The session has ended: what was typed goes along to the page that asks for the words, and back."""
    typed = request.POST.get("text", "")
    if not typed:
        return redirect("requests_app:return")
    return render(request, "requests_app/return.html", {"form": ReturnForm(initial={"text": typed})})


def _after_return(request: HttpRequest, creds: Credentials, text: str) -> HttpResponse:
    if not text:
        return redirect("requests_app:thread")
    return _thread_page(request, creds, MessageForm(initial={"token": tokens.fresh("write"), "text": text}))


def _failed(form: forms.Form) -> int:
    """The same form with all that was typed, and the status it is answered with. The log gets the place alone."""
    log.exception("what an officer typed could not be sent")
    form.add_error(None, NOT_SENT)
    return 503


def _thread_page(request: HttpRequest, creds: Credentials, form: forms.Form, status: int = 200) -> HttpResponse:
    own = queries.own_request(creds)
    if own is None:
        return _no_longer_open(request)
    with suppress(actions.Gone):  # closed by the peer a moment ago: this page is the last they see of it
        actions.mark_read_by_officer(creds=creds)
    return render(request, "requests_app/thread.html", {"own": own, "form": form}, status=status)


def _no_longer_open(request: HttpRequest) -> HttpResponse:
    response = render(request, "requests_app/no_longer_open.html", {"typed": request.POST.get("text", "")})
    officer_session.end(response)
    return response


def _kept_while_open(response: HttpResponse, session: officer_session.OfficerSession) -> HttpResponse:
    """Renews the session's 20 minutes, unless the page has just ended it."""
    if officer_session.cookie_name() not in response.cookies:
        officer_session.keep(response, session)
    return response
