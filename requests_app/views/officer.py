"""Submitting a request and coming back to it: no account, no session row, no cookie before something is sent."""

import logging
import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_http_methods

from peersupport.access.returned_fields import typed_texts
from peersupport.core.http import FORM_METHODS
from peersupport.program import form_tokens
from peersupport.program import queries as program
from peersupport.sealing import keyring, receipt

from .. import officer_session, proof
from ..actions import officer, submission
from ..actions.request_rows import RequestUnavailable
from ..actions.submission import Submitted
from ..domain.intake import Closed, ClosedReason
from ..domain.matching import Waiver
from ..domain.states import Urgency
from ..forms.messages import FAILURES
from ..forms.officer import RequestForm
from ..forms.officer_thread import RETURN_PURPOSE, CloseForm, ReturnForm, new_return_form
from ..officer_session import OfficerSession
from ..presenters import erasure, officer_waiting
from ..presenters import intake as intake_presenter
from ..queries import flood, intake, matching, officers
from ..queries.officers import Ending
from ..queries.team_now import team_now
from .officer_thread import add_failure, show_thread, write_form

log = logging.getLogger("peersupport.requests")
# What stands in a page that was rendered once, until it is shown. Nobody else can know any of it.
TOKEN_PLACE, CHALLENGE_PLACE, *WORD_PLACES = (secrets.token_hex(16) for _ in range(2 + receipt.LENGTH))
WITH_NAMES = "with_names"  # the button on the team's page: shows the form with names on it, and submits nothing
MAX_WORD_LENGTH = 100
NOT_AT_ALL = Closed(ClosedReason.UNAVAILABLE)
NOT_OPEN = gettext_lazy(
    "No open request goes with these words. It may have been closed and erased, or one of the words may be wrong."
)
NOT_LOOKED_FOR = gettext_lazy(
    "Something went wrong on our side, so nothing can be opened right now. Keep your words, and try again in a few "
    "minutes. If it can't wait, call or text 988."
)


@require_http_methods(FORM_METHODS)
def new_request(request: HttpRequest) -> HttpResponse:
    officer_session.keep_form_of_errors(request)
    try:
        return _new_request(request)
    except keyring.KeyringUnavailable:  # without its secrets there is no form, and no cookie either
        log.exception("the keyring is not available, so the form can't be shown")
        context = {"reason": intake_presenter.closed_text(NOT_AT_ALL), "typed_texts": typed_texts(request)}
        return render(request, "requests_app/by_telephone.html", context, status=503)


def _new_request(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    if not team_now(now).is_launched:
        return render(request, "requests_app/not_launched.html")
    if request.method != "POST":
        return _blank_form(request, now)
    form, status = _request_form(request, now), 200
    if form.is_bound and officer_session.is_form_over(request):
        return _form_over(request, form)
    if form.is_bound and form.is_valid():
        token, is_same_visit = form.cleaned_data["token"], officer_session.is_form_known(request)
        try:
            submitted = submission.submit(
                token=token,
                submission=form.submission(),
                proof=form.cleaned_data["proof"] or "",
                is_same_visit=is_same_visit,
            )
        except submission.AlreadySubmitted:
            return render(request, "requests_app/already_submitted.html")
        except submission.NotTaken as refused:
            return _numbers(request, refused.closed)
        except form_tokens.StaleForm:
            form_tokens.renew(form, submission.TOKEN_PURPOSE)
        except FAILURES:
            status = add_failure(form)
        else:
            return _show_receipt(request, form, submitted)
    page = _show_form(request, form, status)
    if form.is_bound:
        officer_session.keep_form(request, page)
    return page


def _blank_form(request: HttpRequest, now: datetime) -> HttpResponse:
    """The form with nothing in it, which is the same for everyone: rendered once, and then only its token is put in."""
    if closed := intake.closed_for(now):
        return _numbers(request, closed)
    team, load = team_now(now), flood.load(now)
    is_now_offered, token = matching.is_now_available(now), form_tokens.fresh(submission.TOKEN_PURPOSE)
    version = get_language(), is_now_offered, load.is_braked
    if version not in team.pages:
        form = RequestForm(
            initial={"token": TOKEN_PLACE, "urgency": Urgency.TODAY},
            choices=team.choices,
            is_now_offered=is_now_offered,
            shows_names=program.can_see_team_names("", team.program_word),
        )
        if load.is_braked:
            form.ask_for_proof(CHALLENGE_PLACE)
        team.pages[version] = render_to_string("requests_app/request_form.html", {"form": form}, request)
    page = team.pages[version].replace(TOKEN_PLACE, token)
    if load.is_braked:
        page = page.replace(CHALLENGE_PLACE, escape(proof.challenge(token, submission.TOKEN_PURPOSE, load.cost)))
    return HttpResponse(page)


def _form_over(request: HttpRequest, form: RequestForm) -> HttpResponse:
    """The answer to a form whose visit has ended: whether it was sent, and nothing of what was typed."""
    was_sent = form.is_valid() and submission.was_submitted(
        token=form.cleaned_data["token"], submission=form.submission()
    )
    return render(request, f"requests_app/{'already_submitted' if was_sent else 'visit_over'}.html")


def _show_form(request: HttpRequest, form: RequestForm, status: int) -> HttpResponse:
    """What was posted, with a challenge while a flood comes in; numbers in its place while the form takes nothing."""
    now, token, signed_at = timezone.now(), str(form["token"].value()), None
    with suppress(form_tokens.StaleForm):
        signed_at = form_tokens.signed_at(token, submission.TOKEN_PURPOSE)
    if closed := intake.closed_for(now, signed_at):
        return _numbers(request, closed)
    load = flood.load(now)
    if load.is_braked and signed_at is not None:
        form.ask_for_proof(proof.challenge(token, submission.TOKEN_PURPOSE, load.cost))
    return render(request, "requests_app/request_form.html", {"form": form}, status=status)


def _numbers(request: HttpRequest, closed: Closed) -> HttpResponse:
    """Whom to call, and what was typed, until Exit."""
    is_asked_for = request.method in {"GET", "HEAD"} and closed.reason == ClosedReason.BY_TELEPHONE
    context = {"reason": intake_presenter.closed_text(closed), "typed_texts": typed_texts(request)}
    page = render(request, "requests_app/by_telephone.html", context, status=200 if is_asked_for else 503)
    officer_session.keep_form(request, page)
    return page


def _show_receipt(request: HttpRequest, form: RequestForm, submitted: Submitted) -> HttpResponse:
    """The seven words, this once, and who is being asked. The usual page is the same for everyone but for the words."""
    shows_phone, token = not submitted.is_offered or not form.is_now_offered, form_tokens.fresh(RETURN_PURPOSE)
    if submitted.is_offered and Waiver.NAMED not in submitted.waivers and not submitted.is_in_line:
        pages, version = team_now(timezone.now()).pages, (get_language(), submitted.urgency, shows_phone)
        if version not in pages:
            for urgency in Urgency:  # all of them, so that what is kept doesn't tell which was sent
                nobodys = replace(submitted, receipt_words=tuple(WORD_PLACES), urgency=urgency)
                page = _receipt_page(request, nobodys, TOKEN_PLACE, shows_phone=shows_phone)
                pages[get_language(), urgency, shows_phone] = page
        page = pages[version].replace(TOKEN_PLACE, token)
        for place, word in zip(WORD_PLACES, submitted.receipt_words, strict=True):
            page = page.replace(place, word)
    else:
        page = _receipt_page(request, submitted, token, shows_phone=shows_phone)
    answer = HttpResponse(page)
    officer_session.keep_only_form(request, answer)
    return answer


def _receipt_page(request: HttpRequest, submitted: Submitted, token: str, *, shows_phone: bool) -> str:
    is_offered, waivers = submitted.is_offered, submitted.waivers
    is_asked = is_offered or submitted.is_in_line
    context = {
        "submitted": submitted,
        "waiting": officer_waiting.waiting_text(
            is_offered=is_offered, urgency=submitted.urgency, waivers=waivers, is_in_line=submitted.is_in_line
        ),
        "is_988_first": officer_waiting.is_988_first(is_offered=is_asked, waivers=waivers),
        "ways_on": officer_waiting.ways_on_text(is_offered=is_asked, waivers=waivers),
        "shows_phone": shows_phone,
        "form_token": token,
    }
    return render_to_string("requests_app/receipt.html", context, request)


def _request_form(request: HttpRequest, now: datetime) -> RequestForm:
    """The form as it was posted. It shows names where they are public, or to whoever has the team's word."""
    word = request.POST.get("program_word", "")[:MAX_WORD_LENGTH]
    is_posted, team = bool(request.POST) and WITH_NAMES not in request.POST, team_now(now)
    return RequestForm(
        request.POST if is_posted else None,
        initial={"token": form_tokens.fresh(submission.TOKEN_PURPOSE), "urgency": Urgency.TODAY, "program_word": word},
        choices=team.choices,
        is_now_offered=matching.is_now_available(now),
        shows_names=program.can_see_team_names(word, team.program_word),
    )


@require_http_methods(FORM_METHODS)
def return_by_receipt(request: HttpRequest) -> HttpResponse:
    officer_session.keep_form_of_errors(request)
    form, unsent, status = ReturnForm(request.POST) if request.POST else new_return_form(), list[str](), 200
    if officer_session.is_form_over(request):
        return render(request, "requests_app/visit_over.html")
    if request.method == "POST" and form.is_valid():
        try:
            if response := _opened(request, form):
                return response
        except FAILURES:
            status = add_failure(form, NOT_LOOKED_FOR)
        unsent = typed_texts(request)  # hidden in the form, and nothing may open anymore to show it on
    is_in = status == 200 and officer_session.current(request) is not None
    context = {"form": form, "is_in": is_in, "typed_texts": unsent}
    page = render(request, "requests_app/return.html", context, status=status)
    officer_session.keep_form(request, page)
    return page


def _opened(request: HttpRequest, form: ReturnForm) -> HttpResponse | None:
    """The thread, for this visit. None, with an error on the form, if the words open nothing."""
    creds, found = officers.opened_by(form.cleaned_data["receipt"])
    if found is None:
        is_damaged = officers.ending_of(creds) == Ending.DAMAGED
        form.add_error("receipt", erasure.ended_text(Ending.DAMAGED) if is_damaged else NOT_OPEN)
        return None
    session = officer_session.begin(request, creds, is_own_phone=form.cleaned_data["own_phone"])
    response = _after_return(request, session, form)
    officer_session.start(request, response, session)
    return response


@require_http_methods(["GET", "HEAD"])
def exit_site(request: HttpRequest) -> HttpResponse:
    """Exit: end the officer's visit and go to a harmless page. A link on another site ends nobody's visit."""
    response = HttpResponseRedirect(settings.EXIT_URL)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return response
    with suppress(*FAILURES):  # it leads away, whatever is broken
        officer_session.end_and_drop_pages(request, response)
    return response


def _after_return(request: HttpRequest, session: OfficerSession, form: ReturnForm) -> HttpResponse:
    """The thread, with what was typed before the session ended."""
    text, own_words = form.cleaned_data["text"], form.cleaned_data["own_words"]
    if form.cleaned_data["waiver"]:  # a button beside the receipt
        with suppress(RequestUnavailable):
            officer.offer_again(creds=session.credentials, waiver=form.cleaned_data["waiver"])
    if not text and not own_words:
        return redirect("requests_app:thread")
    return show_thread(
        request, session, form=write_form(session, text), closing=CloseForm(initial={"own_words": own_words})
    )
