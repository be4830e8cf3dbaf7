"""When members can be reached: they set it themselves, and a coordinator can for any of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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
from ..queries import availability as availability_queries
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
        back = f"{form.back_on:%A, %-d %B}"
        messages.success(request, f"You are back on {back}. Until then you are asked nothing new.")
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
        return _redirect(request, member, "Saved.")
    return _page(request, member, **({"hours": form} if request.method == "POST" else {}))


def _end_hours(request: HttpRequest, member: Member, hours_id: int) -> HttpResponse:
    """Ends nothing the second time, nor for hours of somebody else."""
    hours = availability_queries.hours_by_id(member, hours_id)
    if hours is not None:
        availability.end_hours(hours_id=hours.pk, by=signed_in(request))
    return _redirect(request, member, _("These hours are over."))


def _redirect(request: HttpRequest, member: Member, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    if member.user == request.user:
        return redirect("team:own_hours")
    return redirect("team:member_hours", member.pk)


def _page(request: HttpRequest, member: Member, **returned: PageForm) -> HttpResponse:
    """The hours of one member. returned: forms with errors, shown instead of empty ones."""
    now = timezone.now()
    today = timezone.localdate(now)
    context = {
        "member": member,
        "is_own": member.user == request.user,
        "forms": {"hours": HoursForm(), "pause": PauseForm(), **returned},
        "pause_choices": PAUSE_CHOICES.items(),
        "is_on_leave": member.is_on_leave(today),
        "is_on_call": member.pk in availability_queries.on_call_at(now),
        "pause": availability_queries.current_pause(member, today),
        "on_call": availability_queries.hours_not_ended_of(member, HoursPurpose.ON_CALL, now),
        "available": availability_queries.hours_not_ended_of(member, HoursPurpose.AVAILABLE, now),
    }
    return render(request, "team/hours.html", context)
