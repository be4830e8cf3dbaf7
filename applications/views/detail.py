"""One application: what was written, who reads it, and every step but the decision."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.core.ical import CALENDAR_TYPE
from peersupport.core.pdf import PDF_TYPE
from peersupport.team.forms.base import PageForm
from peersupport.team.views.access import done, signed_in

from .. import resumes
from ..actions import decisions, interviews, reviews
from ..documents.application_pdf import application_pdf
from ..documents.interview_calendar import calendar_of
from ..domain.states import REVIEWED, ReviewState
from ..forms.staff import AssignForm, ReviewerForm, ReviewForm, StepForm, TimesForm
from ..models import Application
from ..queries import applications
from ..queries.detail import detail_for
from .access import DECIDE, PAGE, SEE, application_or_404


@SEE
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, application_or_404(request, pk))


@DECIDE
@require_POST
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, reviews.take_up, "It is under review. The candidate can no longer change it.")


@DECIDE
@require_POST
def pursue_no_longer(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, decisions.pursue_no_longer, "It is no longer pursued.")


@DECIDE
@require_POST
def cancel_interview(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, interviews.cancel_interview, "The interview is called off, and the candidate is told.")


@DECIDE
@require_POST
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = application_or_404(request, pk), PageForm(request.POST)
    if done(form, lambda: decisions.invite_again(application_id=pk, by=signed_in(request))):
        return _back(request, pk, f"A new invitation is on its way to {one.email}.")
    return _page(request, one, refused=form)


@DECIDE
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = application_or_404(request, pk), AssignForm(request.POST)
    if done(form, lambda: reviews.assign(application_id=pk, by=signed_in(request), **form.cleaned_data)):
        return _back(request, pk, "Noted.")
    return _page(request, one, refused=form)


@DECIDE
@require_POST
def name_reviewer(request: HttpRequest, pk: int) -> HttpResponse:
    one = application_or_404(request, pk)
    form = ReviewerForm(request.POST, application=one)
    if done(form, lambda: reviews.name_reviewer(application_id=pk, by=signed_in(request), **form.cleaned_data)):
        return _back(request, pk, f"{form.cleaned_data['reviewer']} is asked to read it.")
    return _page(request, one, refused=form)


@SEE
@require_http_methods(PAGE)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Only for who was asked, and has not answered."""
    one, me = application_or_404(request, pk), signed_in(request)
    own = applications.own_review(me, one)
    if own is None:
        raise Http404
    if own.state != ReviewState.ASKED:
        return redirect("applications:detail", pk)
    form = ReviewForm(request.POST or None, criteria=applications.settings_now().criteria)

    def give() -> None:
        remarks = form.cleaned_data["remarks"]
        reviews.give_review(application_id=pk, scores=form.scores(), remarks=remarks, by=me)

    if done(form, give):
        return _back(request, pk, "Thank you. You now see what the others have said.")
    return render(request, "applications/review.html", {"application": one, "form": form})


@SEE
@require_POST
def recuse(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = application_or_404(request, pk), PageForm(request.POST)
    if done(form, lambda: reviews.recuse(application_id=pk, by=signed_in(request))):
        messages.success(request, "Noted. Nobody asks why, and you do not see this application any more.")
        return redirect("applications:list")
    return _page(request, one, refused=form)


@DECIDE
@require_http_methods(PAGE)
def propose_times(request: HttpRequest, pk: int) -> HttpResponse:
    one = application_or_404(request, pk)
    if one.state not in REVIEWED:
        raise Http404
    form = TimesForm(request.POST or None, initial={"after_move": applications.last_move(one)})

    def propose() -> None:
        data = form.cleaned_data
        interviews.propose_times(
            application_id=pk, after_move=data["after_move"], times=form.times(), place=data["place"],
            minutes=data["minutes"], by=signed_in(request),
        )  # fmt: skip

    if done(form, propose):
        return _back(request, pk, "The times are on their way to the candidate.")
    return render(request, "applications/propose_times.html", {"application": one, "form": form})


@SEE
@require_safe
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    found = applications.open_interview(application_or_404(request, pk))
    if found is None or found.starts_at is None:
        raise Http404
    return _download(calendar_of(found, timezone.now()), CALENDAR_TYPE, f"interview-{pk}.ics")


@SEE
@require_safe
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """As a download: what somebody uploaded is never shown as a page of this site."""
    one = application_or_404(request, pk)
    try:
        if not one.resume:
            raise Http404
        return _download(resumes.load(one.resume), PDF_TYPE, f"resume-{pk}.pdf")
    except FileNotFoundError:
        raise Http404 from None


@SEE
@require_safe
def as_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    one = application_or_404(request, pk)
    return _download(application_pdf(one, timezone.localdate()), PDF_TYPE, f"application-{pk}.pdf")


def _step(request: HttpRequest, pk: int, act: Callable[..., None], sentence: str) -> HttpResponse:
    one, form = application_or_404(request, pk), StepForm(request.POST)
    if done(form, lambda: act(application_id=pk, by=signed_in(request), **form.cleaned_data)):
        return _back(request, pk, sentence)
    return _page(request, one, refused=form)


def _back(request: HttpRequest, pk: int, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("applications:detail", pk)


def _page(request: HttpRequest, one: Application, **returned: object) -> HttpResponse:
    one.refresh_from_db()
    return render(request, "applications/detail.html", {**detail_for(signed_in(request), one), **returned})


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=disposition)
