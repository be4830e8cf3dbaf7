"""The officer's side: no account, no session row, no cookie before they come back with their receipt."""

from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from peersupport.program import form_tokens
from peersupport.program import queries as program
from peersupport.sealing import keyring
from peersupport.sealing.receipt import Credentials, credentials

from .. import officer_session
from ..actions import officer, submission, transitions
from ..domain.states import Urgency
from ..forms.messages import FAILURES, fresh_message
from ..forms.officer import CloseForm, RequestForm, ReturnForm
from ..queries import availability, officers
from .officer_thread import PAGE, failed, show_thread

WITH_NAMES = "with_names"  # pressed on the page of the team: the form, with the names on it
MOST_OF_A_WORD = 100
NOT_OPEN = "Nothing is open under these words. It may have been closed and erased, or one of the words is another."


@require_http_methods(PAGE)
def ask(request: HttpRequest) -> HttpResponse:
    if program.opened_on() is None:
        return render(request, "requests_app/not_open_yet.html")
    form, status = _request_form(request), 200
    if form.is_bound and form.is_valid():
        try:
            sent = submission.send(token=form.cleaned_data["token"], typed=form.typed())
        except submission.AlreadySent:
            return render(request, "requests_app/already_sent.html")
        except form_tokens.StaleForm:
            form_tokens.renew(form, "ask")
        except FAILURES:
            status = failed(form)
        else:
            shown = {"sent": sent, "is_alone": form.typed().is_alone, "is_now_offered": form.is_now_offered}
            return render(request, "requests_app/receipt.html", shown)
    return render(request, "requests_app/ask.html", {"form": form}, status=status)


def _request_form(request: HttpRequest) -> RequestForm:
    """Empty, or as it was sent. Names are on it where everybody may read them, or with the program's word."""
    word = request.POST.get("program_word", "")[:MOST_OF_A_WORD]
    is_sent, now = bool(request.POST) and WITH_NAMES not in request.POST, timezone.now()
    return RequestForm(
        request.POST if is_sent else None,
        initial={"token": form_tokens.fresh("ask"), "urgency": Urgency.TODAY, "program_word": word},
        choosable=officers.choosable(now),
        is_now_offered=availability.now_is_offered(now),
        shows_names=program.opens_the_names(word),
    )


@require_http_methods(PAGE)
def come_back(request: HttpRequest) -> HttpResponse:
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        creds = credentials(keyring.lasting("credentials"), form.cleaned_data["receipt"])
        if officers.request_with(creds) is None:
            form.add_error("receipt", NOT_OPEN)
        else:
            response = _after_return(request, creds, form)
            officer_session.begin(response, creds, is_own_phone=form.cleaned_data["own_phone"])
            return response
    is_in = officer_session.current(request) is not None
    return render(request, "requests_app/return.html", {"form": form, "is_in": is_in})


@require_http_methods(["GET", "HEAD"])
def leave(request: HttpRequest) -> HttpResponse:
    """Exit: ends the officer's session and goes to a harmless page."""
    response = HttpResponseRedirect(settings.EXIT_URL)
    officer_session.leave(request, response)
    return response


def _after_return(request: HttpRequest, creds: Credentials, came_back: ReturnForm) -> HttpResponse:
    """The thread, with what was typed when the session had ended."""
    text, own_words = came_back.cleaned_data["text"], came_back.cleaned_data["own_words"]
    if came_back.cleaned_data["yield_training"]:  # pressed beside the receipt
        with suppress(transitions.Gone):
            officer.try_again(creds=creds, yield_training=True)
    if not text and not own_words:
        return redirect("requests_app:thread")
    return show_thread(request, creds, form=fresh_message(text), closing=CloseForm(initial={"own_words": own_words}))
