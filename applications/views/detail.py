"""The page of one application, and everything that can be pressed there but the decision."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.core.http import FORM_METHODS, download
from peersupport.core.ical import CALENDAR_TYPE
from peersupport.core.pdf import PDF_TYPE
from peersupport.team.asking_again import asks_before_reading
from peersupport.team.forms.base import PageForm
from peersupport.team.views.access import signed_in, submit

from .. import resumes
from ..actions import decisions, interviews, reviews
from ..documents.application_pdf import application_pdf
from ..documents.interview_calendar import interview_ics
from ..domain.states import IN_REVIEW, ReviewState
from ..forms.staff import AssignForm, ReviewerForm, ReviewForm, TimesForm, TransitionForm
from ..models import Application
from ..presenters.detail import detail as detail_page
from ..queries import applications, panel
from ..queries.detail import visible_application
from .access import DECIDE, SEE, application_or_404


@SEE
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, application_or_404(request, pk))


@DECIDE
@require_POST
def begin_review(request: HttpRequest, pk: int) -> HttpResponse:
    return _transition(
        request,
        pk,
        reviews.begin_review,
        _("The review has started. The candidate can't change the application anymore."),
    )


@DECIDE
@require_POST
def abandon(request: HttpRequest, pk: int) -> HttpResponse:
    return _transition(request, pk, decisions.abandon, _("Marked as not pursued."))


@DECIDE
@require_POST
def cancel_interview(request: HttpRequest, pk: int) -> HttpResponse:
    return _transition(
        request, pk, interviews.cancel_interview, _("The interview is canceled. We've e-mailed the candidate.")
    )


@DECIDE
@require_POST
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    application, form = application_or_404(request, pk), PageForm(request.POST)
    if submit(form, lambda: decisions.invite_again(application_id=pk, by=signed_in(request))):
        return _back(request, pk, _("A new invitation is on its way to %(email)s.") % {"email": application.email})
    return _page(request, application, refused=form)


@DECIDE
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    application, form = application_or_404(request, pk), AssignForm(request.POST)
    if submit(form, lambda: reviews.assign(application_id=pk, by=signed_in(request), **form.cleaned_data)):
        return _back(request, pk, _("Saved."))
    return _page(request, application, refused=form)


@DECIDE
@require_POST
def name_reviewer(request: HttpRequest, pk: int) -> HttpResponse:
    application = application_or_404(request, pk)
    form = ReviewerForm(request.POST, application=application)
    if submit(form, lambda: reviews.name_reviewer(application_id=pk, by=signed_in(request), **form.cleaned_data)):
        return _back(request, pk, _("%(name)s has been asked to review it.") % {"name": form.cleaned_data["reviewer"]})
    return _page(request, application, refused=form)


@SEE
@require_http_methods(FORM_METHODS)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a review; only for somebody who was asked and has not answered."""
    application, user = application_or_404(request, pk), signed_in(request)
    own = panel.own_review(user, application)
    if own is None:
        raise Http404
    if own.state != ReviewState.ASKED:
        return redirect("applications:detail", pk)
    form = ReviewForm(request.POST or None, criteria=applications.settings_now().criteria)

    def give() -> None:
        remarks = form.cleaned_data["remarks"]
        reviews.give_review(application_id=pk, scores=form.scores(), remarks=remarks, by=user)

    if submit(form, give):
        return _back(request, pk, _("Thank you. You can see the other reviews now."))
    return render(request, "applications/review.html", {"application": application, "form": form})


@SEE
@require_POST
def recuse(request: HttpRequest, pk: int) -> HttpResponse:
    application, form = application_or_404(request, pk), PageForm(request.POST)
    if submit(form, lambda: reviews.recuse(application_id=pk, by=signed_in(request))):
        messages.success(
            request, _("You're off this review. Nobody will ask why, and you won't see this application anymore.")
        )
        return redirect("applications:list")
    return _page(request, application, refused=form)


@DECIDE
@require_http_methods(FORM_METHODS)
def propose_times(request: HttpRequest, pk: int) -> HttpResponse:
    application = application_or_404(request, pk)
    if application.state not in IN_REVIEW:
        raise Http404
    form = TimesForm(request.POST or None, initial={"after_move": applications.last_move_id(application)})

    def propose() -> None:
        data = form.cleaned_data
        interviews.propose_times(
            application_id=pk, after_move=data["after_move"], times=form.times(), place=data["place"],
            minutes=data["minutes"], by=signed_in(request),
        )  # fmt: skip

    if submit(form, propose):
        return _back(request, pk, _("The interview times are on their way to the candidate."))
    return render(request, "applications/propose_times.html", {"application": application, "form": form})


@SEE
@require_safe
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    interview = applications.current_interview(application_or_404(request, pk))
    if interview is None or interview.starts_at is None:
        raise Http404
    return download(interview_ics(interview, timezone.now()), CALENDAR_TYPE, f"interview-{pk}.ics")


@SEE
@require_safe
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Always a download: an uploaded file is never shown as a page of this site."""
    application = application_or_404(request, pk)
    try:
        if not application.resume:
            raise Http404
        return download(resumes.load(application.resume), PDF_TYPE, f"resume-{pk}.pdf")
    except FileNotFoundError:
        raise Http404 from None


@SEE
@asks_before_reading
@require_safe
def as_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    application = application_or_404(request, pk)
    return download(application_pdf(application, timezone.localdate()), PDF_TYPE, f"application-{pk}.pdf")


def _transition(request: HttpRequest, pk: int, act: Callable[..., None], sentence: str) -> HttpResponse:
    application, form = application_or_404(request, pk), TransitionForm(request.POST)
    if submit(form, lambda: act(application_id=pk, by=signed_in(request), **form.cleaned_data)):
        return _back(request, pk, sentence)
    return _page(request, application, refused=form)


def _back(request: HttpRequest, pk: int, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("applications:detail", pk)


def _page(request: HttpRequest, application: Application, refused: PageForm | None = None) -> HttpResponse:
    """The page, with the form of a press that was refused."""
    application.refresh_from_db()
    page = detail_page(visible_application(signed_in(request), application), timezone.now())
    context = {
        "page": page,
        "application": application,
        "refused": refused,
        "assign_form": AssignForm(initial={"assignee": application.assignee_id}) if page.may_decide else None,
        "reviewer_form": ReviewerForm(application=application) if page.may_name_reviewers else None,
    }
    return render(request, page.template, context)
