"""Sessions: who plans, who comes, who was there; and sessions that the team gives."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.team.forms.base import PageForm
from peersupport.team.queries.members import member_for
from peersupport.team.views.access import done, download, own_member, signed_in

from ..actions import sessions as sessions_actions
from ..documents.session_calendar import calendar_of
from ..forms.sessions import AttendanceForm, GivenForm, PlanForm, SessionForm
from ..models import Session
from ..queries import records
from ..queries import sessions as sessions_queries
from .access import may, session_or_404
from .members import SEEN_BY

MANAGE = require_permission(Permission.MANAGE_TRAINING)
PAGE = ["GET", "HEAD", "POST"]
ON_A_PAGE = 50


@SEEN_BY
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    now, own = timezone.now(), member_for(signed_in(request))
    context = {
        "to_come": sessions_queries.sessions_to_come(now),
        "to_note": sessions_queries.sessions_to_note(now) if may(request, Permission.SEE_TRAINING) else [],
        "past": _paged(request, sessions_queries.sessions_past()) if may(request, Permission.SEE_TRAINING) else None,
        "enrolled_in": {each.pk for each in sessions_queries.sessions_of(own, now)} if own else set(),
    }
    return render(request, "training/sessions.html", context)


@SEEN_BY
@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, session_or_404(pk), PageForm())


@MANAGE
@require_http_methods(PAGE)
def plan(request: HttpRequest) -> HttpResponse:
    form = PlanForm(request.POST or None)
    if done(form, lambda: sessions_actions.plan_session(by=signed_in(request), **form.cleaned_data)):
        messages.success(request, f"{form.cleaned_data['title']} is planned. Members can enroll now.")
        return redirect("training:sessions")
    return render(request, "training/plan_session.html", {"form": form})


@MANAGE
@require_http_methods(PAGE)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    one = session_or_404(pk)
    form = SessionForm(request.POST, session=one) if request.method == "POST" else SessionForm.of(one)
    if done(form, lambda: sessions_actions.change_session(session_id=pk, by=signed_in(request), **form.cleaned_data)):
        messages.success(request, "Saved. Those enrolled are told.")
        return redirect("training:session", pk)
    return render(request, "training/plan_session.html", {"form": form, "session": one})


@MANAGE
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = session_or_404(pk), PageForm(request.POST)
    if done(form, lambda: sessions_actions.cancel_session(session_id=pk, by=signed_in(request))):
        messages.success(request, "The session is cancelled. Those enrolled are told.")
        return redirect("training:session", pk)
    return _page(request, one, form)


@require_permission(Permission.OWN_PROFILE)
@require_POST
def enrol(request: HttpRequest, pk: int) -> HttpResponse:
    one, form, member_id = session_or_404(pk), PageForm(request.POST), own_member(request).pk
    if done(form, lambda: sessions_actions.enrol(session_id=pk, member_id=member_id, by=signed_in(request))):
        messages.success(request, "You are enrolled.")
        return redirect("training:session", pk)
    return _page(request, one, form)


@require_permission(Permission.OWN_PROFILE)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    one, form, member_id = session_or_404(pk), PageForm(request.POST), own_member(request).pk
    if done(form, lambda: sessions_actions.withdraw(session_id=pk, member_id=member_id, by=signed_in(request))):
        messages.success(request, "You are no longer enrolled.")
        return redirect("training:session", pk)
    return _page(request, one, form)


@MANAGE
@require_http_methods(PAGE)
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    one, members = session_or_404(pk), list(records.members_seen())
    enrolled = sessions_queries.enrolments_of(one)
    expected = {each.member_id for each in enrolled}
    members.sort(key=lambda each: each.pk not in expected)
    form = AttendanceForm(request.POST if request.method == "POST" else None, members=members)
    form.initial["present"] = [each.member_id for each in enrolled if each.was_there is not False]
    if done(form, lambda: sessions_actions.note_attendance(session_id=pk, by=signed_in(request), **form.cleaned_data)):
        messages.success(request, "Noted. Whoever was there has it on record.")
        return redirect("training:session", pk)
    return render(request, "training/attendance.html", {"session": one, "form": form})


@SEEN_BY
@require_safe
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    found = calendar_of(session_or_404(pk), settings.SITE_URL.partition("://")[2], timezone.now())
    return download(found, "text/calendar; charset=utf-8", f"session-{pk}.ics")


@require_permission(Permission.SEE_TRAINING)
@require_http_methods(PAGE)
def given(request: HttpRequest) -> HttpResponse:
    is_pressed = request.method == "POST"
    if is_pressed and not may(request, Permission.MANAGE_TRAINING):
        raise Http404
    form = GivenForm(request.POST if is_pressed else None)
    if done(form, lambda: sessions_actions.record_given(by=signed_in(request), **form.cleaned_data)):
        messages.success(request, "It is on record.")
        return redirect("training:given")
    return render(
        request, "training/given.html", {"form": form, "given": _paged(request, sessions_queries.given_sessions())}
    )


@MANAGE
@require_POST
def take_back_given(request: HttpRequest, pk: int) -> HttpResponse:
    sessions_actions.take_back_given(given_id=pk, by=signed_in(request))
    messages.success(request, "It is taken back, and the yearly report does not count it.")
    return redirect("training:given")


def _paged(request: HttpRequest, found: QuerySet[Any]) -> Page:
    return Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))


def _page(request: HttpRequest, one: Session, form: PageForm) -> HttpResponse:
    """Who is enrolled is seen by those who see all training; a member sees whether they are."""
    enrolled, own = sessions_queries.enrolments_of(one), member_for(signed_in(request))
    context = {
        "session": one,
        "form": form,
        "is_over": one.ends_at <= timezone.now(),
        "has_begun": one.starts_at <= timezone.now(),
        "enrolled": enrolled if may(request, Permission.SEE_TRAINING) else [],
        "own": own,
        "is_enrolled": own is not None and any(each.member_id == own.pk for each in enrolled),
    }
    return render(request, "training/session.html", context)
