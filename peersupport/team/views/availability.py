"""When members can be reached: they set it themselves, and a coordinator can for any of them."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.http import FORM_METHODS

from ..actions import availability
from ..domain.states import HoursPurpose
from ..forms.availability import PAUSE_CHOICES, HoursForm, PauseForm
from ..forms.base import PageForm
from ..models import Member
from ..presenters import hours as hours_presenter
from ..presenters import own_page
from ..presenters import standing as standing_presenter
from ..queries import availability as availability_queries
from ..queries import pauses
from ..queries.standing import standing_of
from .access import member_or_404, own_member, signed_in, submit

OWN = require_permission(Permission.OWN_PROFILE)
MANAGE = require_permission(Permission.MANAGE_TEAM)


@OWN
@require_http_methods(FORM_METHODS)
def own_hours(request: HttpRequest) -> HttpResponse:
    return _add_hours(request, own_member(request))


@MANAGE
@require_http_methods(FORM_METHODS)
def member_hours(request: HttpRequest, pk: int) -> HttpResponse:
    return _add_hours(request, member_or_404(pk))


@OWN
@require_POST
def end_own_hours(request: HttpRequest, pk: int) -> HttpResponse:
    return _end_hours(request, own_member(request), pk)


@MANAGE
@require_POST
def end_member_hours(request: HttpRequest, pk: int, hours: int) -> HttpResponse:
    return _end_hours(request, member_or_404(pk), hours)


@OWN
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """From the desk with one button, or from the page of one's own hours with a day."""
    member, form = own_member(request), PauseForm(request.POST)
    if submit(form, lambda: availability.pause(member_id=member.pk, back_on=form.back_on, by=signed_in(request))):
        messages.success(request, own_page.paused(form.back_on))
        return redirect("team:own_hours")
    return _page(request, member, pause=form)


@OWN
@require_POST
def end_pause(request: HttpRequest) -> HttpResponse:
    availability.end_pause(member_id=own_member(request).pk, by=signed_in(request))
    messages.success(request, _("Welcome back."))
    return redirect("team:own_hours")


def _add_hours(request: HttpRequest, member: Member) -> HttpResponse:
    form = HoursForm(request.POST or None)
    if request.method == "POST" and submit(
        form, lambda: availability.add_hours(member_id=member.pk, by=signed_in(request), **form.cleaned_data)
    ):
        return _redirect(request, member, _("Saved."))
    return _page(request, member, **({"hours": form} if request.method == "POST" else {}))


def _end_hours(request: HttpRequest, member: Member, hours_id: int) -> HttpResponse:
    """Ends nothing the second time, nor for hours of somebody else."""
    hours = availability_queries.hours_by_id(member, hours_id)
    if hours is not None:
        availability.end_hours(hours_id=hours.pk, by=signed_in(request))
    return _redirect(request, member, _("These hours have ended."))


def _redirect(request: HttpRequest, member: Member, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    if member.user == request.user:
        return redirect("team:own_hours")
    return redirect("team:member_hours", member.pk)


def _page(request: HttpRequest, member: Member, **returned: PageForm) -> HttpResponse:
    """The hours of one member. returned: forms with errors, shown instead of empty ones."""
    now = timezone.now()
    is_own = member.user == request.user
    context = {
        "is_own": is_own,
        "forms": {"hours": HoursForm(), "pause": PauseForm(), **returned},
        "pause_choices": PAUSE_CHOICES.items(),
        "pause": pauses.current_pause(member, timezone.localdate(now)),
        "on_call": _weekly_hours(member, HoursPurpose.ON_CALL, now, is_own=is_own),
        "available": _weekly_hours(member, HoursPurpose.AVAILABLE, now, is_own=is_own),
        **(_own_words(member, now) if is_own else _words_about(member, now)),
    }
    return render(request, "team/hours.html", context)


def _own_words(member: Member, now: datetime) -> dict[str, object]:
    standing = standing_of(member, now)
    return {
        "title": _("Your hours"),
        "lead": standing_presenter.own_availability(standing),
        "is_unreachable": standing.is_unreachable,
        "not_offered": standing_presenter.not_offered(standing),
        "add_url": reverse("team:own_hours"),
        "back_url": reverse("team:me"),
        "back_to": _("My page"),
    }


def _words_about(member: Member, now: datetime) -> dict[str, object]:
    name = member.user.name
    return {
        "title": _("%(name)s's hours") % {"name": name},
        "lead": standing_presenter.availability(standing_of(member, now)),
        "add_url": reverse("team:member_hours", args=[member.pk]),
        "back_url": reverse("team:member", args=[member.pk]),
        "back_to": name,
    }


def _weekly_hours(member: Member, purpose: HoursPurpose, now: datetime, *, is_own: bool) -> list[dict[str, str]]:
    return [
        {
            "label": hours_presenter.weekly_label(weekly.pattern),
            "until": hours_presenter.until_label(weekly.until),
            "end_url": reverse("team:end_own_hours", args=[weekly.pk])
            if is_own
            else reverse("team:end_member_hours", args=[member.pk, weekly.pk]),
        }
        for weekly in availability_queries.hours_not_ended_of(member, purpose, now)
    ]
