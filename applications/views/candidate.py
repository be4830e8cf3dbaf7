"""The candidate's pages, and those of whoever vouches for them. No account, no session, no cookie."""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.core.errors import Refused
from peersupport.core.ical import CALENDAR_TYPE
from peersupport.program import form_tokens

from ..actions import candidate, interviews, links, references
from ..actions.candidate import FORM
from ..documents.interview_calendar import calendar_of
from ..domain.states import CORRECTABLE, UNDER_WAY, InterviewState, State
from ..forms.candidate import AgainForm, ApplicationForm, ChooseTimeForm, CorrectionForm, StatementForm
from ..models import PrivateLink
from ..presenters import progress
from ..queries import applications

PAGE = ["GET", "HEAD", "POST"]
Purpose = PrivateLink.Purpose
LinkView = Callable[[HttpRequest, PrivateLink, str], HttpResponse]


def behind(purpose: str) -> Callable[[LinkView], Callable[[HttpRequest, str], HttpResponse]]:
    """A page behind a private link. One that does not work any more, or never did, leads to one and the same page."""

    def decorate(view: LinkView) -> Callable[[HttpRequest, str], HttpResponse]:
        @wraps(view)
        def found(request: HttpRequest, token: str) -> HttpResponse:
            link = applications.link_for(token, purpose, timezone.now())
            try:
                if link is not None:
                    return view(request, link, token)
            except links.LinkGone:
                pass  # used while this press was on its way
            return render(request, "applications/link_gone.html", status=404)

        return found

    return decorate


@require_http_methods(PAGE)
def apply(request: HttpRequest) -> HttpResponse:
    form = ApplicationForm.of(request, applications.settings_now())
    if request.method == "POST" and form.is_valid():
        if form.is_by_a_machine:
            return _sent(request, form)
        try:
            if form.is_sent:
                candidate.send_new(token=form.cleaned_data["token"], typed=form.typed())
                return _sent(request, form)
            return redirect("apply:draft", candidate.save_new(token=form.cleaned_data["token"], typed=form.typed()))
        except form_tokens.StaleForm:
            form_tokens.renew(form, FORM)
        except Refused as refused:
            form.add_error("email", refused.sentence)
    return render(request, "applications/apply.html", {"form": form})


@require_http_methods(PAGE)
def again(request: HttpRequest) -> HttpResponse:
    form = AgainForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        candidate.send_link_again(email=form.cleaned_data["email"])
        return render(request, "applications/again.html", {"is_asked": True})
    return render(request, "applications/again.html", {"form": form})


@require_http_methods(PAGE)
@behind(Purpose.DRAFT)
def draft(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    form = ApplicationForm.of(request, applications.settings_now(), link.application)
    if request.method == "POST" and form.is_valid():
        try:
            if form.is_sent:
                candidate.send_draft(link=token, typed=form.typed())
                return _sent(request, form)
            candidate.save_draft(link=token, typed=form.typed())
            return redirect("apply:draft", token)
        except Refused as refused:
            form.add_error("email", refused.sentence)
    return render(request, "applications/apply.html", {"form": form, "draft": link.application, "token": token})


@require_POST
@behind(Purpose.DRAFT)
def forget_draft(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    candidate.withdraw(link=token, purpose=Purpose.DRAFT)
    return render(request, "applications/withdrawn.html")


@require_http_methods(PAGE)
@behind(Purpose.CONFIRM)
def confirm(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    """By a press: what only looks at links in mails must not confirm anything."""
    form = forms.Form(request.POST or None)
    if request.method == "POST":
        try:
            return redirect("apply:status", candidate.confirm(link=token))
        except Refused as refused:
            form = forms.Form({})
            form.add_error(None, refused.sentence)
    return render(request, "applications/confirm.html", {"form": form, "application": link.application})


@require_safe
@behind(Purpose.STATUS)
def status(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    return _status(request, link, token)


@require_http_methods(PAGE)
@behind(Purpose.STATUS)
def correct(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    if link.application.state not in CORRECTABLE:
        return redirect("apply:status", token)
    form = CorrectionForm.of(request, applications.settings_now(), link.application)
    if request.method == "POST" and form.is_valid():
        try:
            candidate.correct(link=token, typed=form.typed())
            return redirect("apply:status", token)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return render(request, "applications/correct.html", {"form": form, "token": token})


@require_POST
@behind(Purpose.STATUS)
def withdraw(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    try:
        candidate.withdraw(link=token)
    except Refused as refused:
        return _status(request, link, token, refused=refused.sentence)
    return redirect("apply:status", token)


@require_http_methods(PAGE)
@behind(Purpose.REFERENCE)
def reference(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    form = StatementForm(request.POST or None)
    if request.method == "POST" and request.POST.get("press") == "decline":
        references.decline_reference(link=token)
        return render(request, "applications/thanks.html", {"has_declined": True})
    if form.is_valid():
        references.give_reference(link=token, statement=form.cleaned_data["statement"])
        return render(request, "applications/thanks.html")
    return render(request, "applications/reference.html", {"form": form, "reference": link.reference})


@require_http_methods(PAGE)
@behind(Purpose.INTERVIEW)
def interview(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    found = applications.open_interview(link.application)
    if found is None:
        raise links.LinkGone
    if request.POST.get("press") == "none":
        interviews.none_suits(link=token)
        return redirect("apply:interview", token)
    form = ChooseTimeForm(request.POST if request.method == "POST" else None, interview=found)
    if form.is_valid():
        try:
            interviews.choose_time(link=token, time_id=int(form.cleaned_data["time"]))
            return redirect("apply:interview", token)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return render(request, "applications/interview.html", {"form": form, "interview": found, "token": token})


@require_safe
@behind(Purpose.INTERVIEW)
def interview_calendar(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    found = applications.open_interview(link.application)
    if found is None or found.state != InterviewState.AGREED:
        raise links.LinkGone
    disposition = {"Content-Disposition": 'attachment; filename="interview.ics"'}
    return HttpResponse(calendar_of(found, timezone.now()), content_type=CALENDAR_TYPE, headers=disposition)


def _sent(request: HttpRequest, form: ApplicationForm) -> HttpResponse:
    return render(request, "applications/sent.html", {"email": form.cleaned_data["email"]})


def _status(request: HttpRequest, link: PrivateLink, token: str, refused: str = "") -> HttpResponse:
    application = link.application
    accepted = applications.accepted([application]).get(application.pk)
    stands, follows = progress.told(State(application.state), accepted.stage if accepted else None)
    context = {
        "application": application,
        "token": token,
        "refused": refused,
        "stands": stands,
        "follows": follows,
        "references": applications.references_of(application),
        "interview": applications.open_interview(application),
        "may_correct": application.state in CORRECTABLE,
        "may_withdraw": application.state in UNDER_WAY and (accepted is None or accepted.member is None),
    }
    return render(request, "applications/status.html", context)
