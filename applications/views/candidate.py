"""The pages of candidates and their references: no account, no session, no cookie."""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.core.errors import Refused
from peersupport.core.http import FORM_METHODS, download
from peersupport.core.ical import CALENDAR_TYPE
from peersupport.core.translation import refusal_text
from peersupport.program import form_tokens

from ..actions import candidate, interviews, links, references
from ..documents.interview_calendar import interview_ics
from ..domain.states import CORRECTABLE, InterviewState, ReferenceKind
from ..forms.candidate import ApplicationForm, ChooseTimeForm, CorrectionForm, SendAgainForm, StatementForm
from ..models import LinkPurpose, PrivateLink
from ..presenters import candidate as presenter
from ..queries import applications
from ..queries.onboarding import onboarding_by_application

# What was done, by the last word of the address to which a form leads: it names nobody, and is harmless in a history.
DONE = {
    "sent": "applications/sent.html",
    "link": "applications/link_sent.html",
    "gone": "applications/draft_deleted.html",
    "noted": "applications/reference_declined.html",
    "thanks": "applications/reference_thanks.html",
}
LinkView = Callable[[HttpRequest, PrivateLink, str], HttpResponse]


def private_link_page(purpose: str) -> Callable[[LinkView], Callable[[HttpRequest, str], HttpResponse]]:
    """A page behind a private link. Links that don't work lead to the same page, whatever the reason."""

    def decorate(view: LinkView) -> Callable[[HttpRequest, str], HttpResponse]:
        @wraps(view)
        def page(request: HttpRequest, token: str) -> HttpResponse:
            link = applications.valid_link(token, purpose, timezone.now())
            try:
                if link is not None:
                    return view(request, link, token)
            except links.InvalidLink:
                pass  # used while this request was on its way
            template = "invalid_reference_link" if purpose == LinkPurpose.REFERENCE else "invalid_link"
            return render(request, f"applications/{template}.html", status=404)

        return page

    return decorate


@require_http_methods(FORM_METHODS)
def apply(request: HttpRequest) -> HttpResponse:
    form = ApplicationForm.for_request(request, applications.settings_now())
    if request.method == "POST" and form.is_valid():
        if form.is_filled_by_bot:
            return redirect("apply:done", "sent")
        try:
            if form.is_sending:
                candidate.send_new(token=form.cleaned_data["token"], typed=form.typed())
                return redirect("apply:done", "sent")
            return redirect("apply:draft", candidate.save_new(token=form.cleaned_data["token"], typed=form.typed()))
        except form_tokens.StaleForm:
            form_tokens.renew(form, candidate.TOKEN_PURPOSE)
        except Refused as refused:
            form.add_error("email", refusal_text(refused))
    return render(request, "applications/apply.html", {"form": form})


@require_safe
def done(request: HttpRequest, what: str) -> HttpResponse:
    """After a form: a page of its own, so that Back and "resend" bring back nothing that was typed."""
    if what not in DONE:
        raise Http404
    return render(request, DONE[what])


@require_http_methods(FORM_METHODS)
def send_again(request: HttpRequest) -> HttpResponse:
    form = SendAgainForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        candidate.send_link_again(email=form.cleaned_data["email"])
        return redirect("apply:done", "link")
    return render(request, "applications/send_again.html", {"form": form})


@require_http_methods(FORM_METHODS)
@private_link_page(LinkPurpose.DRAFT)
def draft(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    form = ApplicationForm.for_request(request, applications.settings_now(), link.application)
    if request.method == "POST" and form.is_valid():
        try:
            if form.is_sending:
                candidate.send_draft(link=token, typed=form.typed())
                return redirect("apply:done", "sent")
            candidate.save_draft(link=token, typed=form.typed())
            return redirect("apply:draft", token)
        except Refused as refused:
            form.add_error("email", refusal_text(refused))
    return render(request, "applications/draft.html", {"form": form, "application": link.application, "token": token})


@require_POST
@private_link_page(LinkPurpose.DRAFT)
def delete_draft(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    candidate.withdraw(link=token, purpose=LinkPurpose.DRAFT)
    return redirect("apply:done", "gone")


@require_http_methods(FORM_METHODS)
@private_link_page(LinkPurpose.CONFIRM)
def confirm(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    """Confirm by a press, because mail scanners open links."""
    form = forms.Form(request.POST or None)
    if request.method == "POST":
        try:
            return redirect("apply:status", candidate.confirm(link=token))
        except Refused as refused:
            form = forms.Form({})
            form.add_error(None, refusal_text(refused))
    return render(request, "applications/confirm.html", {"form": form, "application": link.application})


@require_safe
@private_link_page(LinkPurpose.STATUS)
def status(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    return _status(request, link, token)


@require_http_methods(FORM_METHODS)
@private_link_page(LinkPurpose.STATUS)
def correct(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    if link.application.state not in CORRECTABLE:
        return redirect("apply:status", token)
    form = CorrectionForm.for_request(request, applications.settings_now(), link.application)
    if request.method == "POST" and form.is_valid():
        try:
            candidate.correct(link=token, typed=form.typed())
            return redirect(f"{reverse('apply:status', args=[token])}?saved")
        except Refused as refused:
            form.add_error(None, refusal_text(refused))
    return render(request, "applications/correct.html", {"form": form, "token": token})


@require_POST
@private_link_page(LinkPurpose.STATUS)
def withdraw(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    try:
        candidate.withdraw(link=token)
    except Refused as refused:
        return _status(request, link, token, refused=refusal_text(refused))
    return redirect("apply:status", token)


@require_http_methods(FORM_METHODS)
@private_link_page(LinkPurpose.REFERENCE)
def reference(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    form = StatementForm(request.POST or None)
    if request.method == "POST" and request.POST.get("press") == "decline":
        references.decline_reference(link=token)
        return redirect("apply:done", "noted")
    if form.is_valid():
        references.give_reference(link=token, statement=form.cleaned_data["statement"])
        return redirect("apply:done", "thanks")
    assert link.reference is not None  # noqa: S101  # a database constraint: links of this purpose have one
    name = link.application.name
    lead = presenter.reference_request(ReferenceKind(link.reference.kind), name)
    context = {"form": form, "name": name, "lead": lead}
    return render(request, "applications/reference.html", context)


@require_http_methods(FORM_METHODS)
@private_link_page(LinkPurpose.INTERVIEW)
def interview(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    current = applications.current_interview(link.application)
    if current is None:
        raise links.InvalidLink
    if request.POST.get("press") == "none":
        interviews.decline_times(link=token)
        return redirect("apply:interview", token)
    form = ChooseTimeForm(request.POST if request.method == "POST" else None, interview=current)
    if form.is_valid():
        try:
            interviews.choose_time(link=token, time_id=int(form.cleaned_data["time"]))
            return redirect("apply:interview", token)
        except Refused as refused:
            form.add_error(None, refusal_text(refused))
    page = presenter.interview_page(current, has_times=form.has_times)
    return render(request, page.template, {"form": form, "page": page, "token": token})


@require_safe
@private_link_page(LinkPurpose.INTERVIEW)
def interview_calendar(request: HttpRequest, link: PrivateLink, token: str) -> HttpResponse:
    current = applications.current_interview(link.application)
    if current is None or current.state != InterviewState.AGREED:
        raise links.InvalidLink
    return download(interview_ics(current, timezone.now()), CALENDAR_TYPE, "interview.ics")


def _status(request: HttpRequest, link: PrivateLink, token: str, refused: str = "") -> HttpResponse:
    application = link.application
    onboarding = onboarding_by_application([application]).get(application.pk)
    page = presenter.status_page(
        application,
        onboarding,
        applications.references_of(application),
        applications.current_interview(application),
        erased_on=applications.day_of_erasure(application),
    )
    context = {
        "page": page,
        "application": application,
        "token": token,
        "refused": refused,
        "is_saved": "saved" in request.GET,
    }
    return render(request, "applications/status.html", context)
