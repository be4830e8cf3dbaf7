"""Sessions: planning, enrollment and attendance; and sessions that the team gives."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.http import FORM_METHODS, download
from peersupport.team.forms.base import PageForm
from peersupport.team.queries import members as members_queries
from peersupport.team.queries.members import member_for
from peersupport.team.views.access import own_member, signed_in, submit

from ..actions import sessions as sessions_actions
from ..documents.session_calendar import session_calendar
from ..domain.states import SessionState
from ..forms.sessions import AttendanceForm, GivenForm, PlanForm, SessionForm
from ..models import Session
from ..presenters.sessions import session_texts
from ..queries import sessions as sessions_queries
from .access import may, session_or_404
from .members import SEEN_BY

MANAGE = require_permission(Permission.MANAGE_TRAINING)
ON_A_PAGE = 50


@SEEN_BY
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    now, own = timezone.now(), member_for(signed_in(request))
    context = {
        "upcoming": sessions_queries.upcoming_sessions(now),
        "without_attendance": sessions_queries.sessions_without_attendance(now)
        if may(request, Permission.SEE_TRAINING)
        else [],
        "past": _paged(request, sessions_queries.past_sessions()) if may(request, Permission.SEE_TRAINING) else None,
        "enrolled_in": {each.pk for each in sessions_queries.enrolled_sessions(own, now)} if own else set(),
    }
    return render(request, "training/sessions.html", context)


@SEEN_BY
@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, session_or_404(pk), PageForm())


@MANAGE
@require_http_methods(FORM_METHODS)
def plan(request: HttpRequest) -> HttpResponse:
    form = PlanForm(request.POST or None)
    if submit(form, lambda: sessions_actions.plan_session(by=signed_in(request), **form.cleaned_data)):
        messages.success(
            request, _("%(session)s is planned. Members can enroll now.") % {"session": form.cleaned_data["title"]}
        )
        return redirect("training:sessions")
    return render(request, "training/plan_session.html", {"form": form})


@MANAGE
@require_http_methods(FORM_METHODS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_or_404(pk)
    form = SessionForm(request.POST, session=session) if request.method == "POST" else SessionForm.of(session)
    if submit(form, lambda: sessions_actions.change_session(session_id=pk, by=signed_in(request), **form.cleaned_data)):
        messages.success(request, _("Saved. Members who are enrolled will be notified."))
        return redirect("training:session", pk)
    return render(request, "training/change_session.html", {"form": form, "session": session})


@MANAGE
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    session, form = session_or_404(pk), PageForm(request.POST)
    if submit(form, lambda: sessions_actions.cancel_session(session_id=pk, by=signed_in(request))):
        messages.success(request, _("The session is canceled. Members who are enrolled will be notified."))
        return redirect("training:session", pk)
    return _page(request, session, form)


@require_permission(Permission.OWN_PROFILE)
@require_POST
def enroll(request: HttpRequest, pk: int) -> HttpResponse:
    session, form, member_id = session_or_404(pk), PageForm(request.POST), own_member(request).pk
    if submit(form, lambda: sessions_actions.enroll(session_id=pk, member_id=member_id, by=signed_in(request))):
        messages.success(request, _("You're enrolled."))
        return redirect("training:session", pk)
    return _page(request, session, form)


@require_permission(Permission.OWN_PROFILE)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    session, form, member_id = session_or_404(pk), PageForm(request.POST), own_member(request).pk
    if submit(form, lambda: sessions_actions.withdraw(session_id=pk, member_id=member_id, by=signed_in(request))):
        messages.success(request, _("You're no longer enrolled."))
        return redirect("training:session", pk)
    return _page(request, session, form)


@MANAGE
@require_http_methods(FORM_METHODS)
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    session, members = session_or_404(pk), list(members_queries.current_members())
    enrolled = sessions_queries.enrollments_of(session)
    expected = {each.member_id for each in enrolled}
    members.sort(key=lambda each: each.pk not in expected)
    form = AttendanceForm(request.POST if request.method == "POST" else None, members=members)
    form.initial["present"] = [each.member_id for each in enrolled if each.attended is not False]
    if submit(
        form, lambda: sessions_actions.note_attendance(session_id=pk, by=signed_in(request), **form.cleaned_data)
    ):
        messages.success(request, _("Saved. It's on record for everyone who was there."))
        return redirect("training:session", pk)
    return render(request, "training/attendance.html", {"session": session, "form": form})


@SEEN_BY
@require_safe
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    content = session_calendar(session_or_404(pk), settings.SITE_URL.partition("://")[2], timezone.now())
    return download(content, "text/calendar; charset=utf-8", f"session-{pk}.ics")


@require_permission(Permission.SEE_TRAINING)
@require_http_methods(FORM_METHODS)
def given_sessions(request: HttpRequest) -> HttpResponse:
    is_post = request.method == "POST"
    if is_post and not may(request, Permission.MANAGE_TRAINING):
        raise Http404
    form = GivenForm(request.POST if is_post else None)
    if submit(form, lambda: sessions_actions.record_given_session(by=signed_in(request), **form.cleaned_data)):
        messages.success(request, _("Saved. It's on record."))
        return redirect("training:given_sessions")
    return render(
        request,
        "training/given_sessions.html",
        {"form": form, "given_sessions": _paged(request, sessions_queries.given_sessions())},
    )


@MANAGE
@require_POST
def delete_given_session(request: HttpRequest, pk: int) -> HttpResponse:
    sessions_actions.delete_given_session(given_id=pk, by=signed_in(request))
    messages.success(request, _("Deleted. The yearly report won't count it."))
    return redirect("training:given_sessions")


def _paged(request: HttpRequest, rows: QuerySet[Any]) -> Page:
    return Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))


def _page(request: HttpRequest, session: Session, form: PageForm) -> HttpResponse:
    """Those who see all training see who is enrolled; a member sees whether they are."""
    enrolled, own, now = sessions_queries.enrollments_of(session), member_for(signed_in(request)), timezone.now()
    is_over, is_planned = session.ends_at <= now, session.state == SessionState.PLANNED
    is_enrolled = own is not None and any(each.member_id == own.pk for each in enrolled)
    has_begun = session.starts_at <= now
    context = {
        "session": session,
        "texts": session_texts(session, seats_taken=len(enrolled), has_begun=has_begun, is_over=is_over),
        "form": form,
        "is_over": is_over,
        "enrolled": enrolled if may(request, Permission.SEE_TRAINING) else [],
        "can_enroll": own is not None and is_planned and not is_over and not is_enrolled,
        "can_withdraw": is_enrolled and is_planned and not is_over,
        "can_change": is_planned and may(request, Permission.MANAGE_TRAINING),
    }
    return render(request, "training/session.html", context)
