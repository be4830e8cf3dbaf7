"""Who is on call in the days ahead, and passing single shifts to other members."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission

from ..actions import shift_handover
from ..domain import schedule as schedule_domain
from ..domain.schedule import DAYS_AHEAD
from ..forms.availability import HandOverForm, ShiftForm
from ..forms.base import PageForm
from ..models import Member
from ..presenters import hours, on_call
from ..queries import availability, members
from ..queries.availability import UpcomingSchedule
from .access import own_member, signed_in, submit

OWN = require_permission(Permission.OWN_PROFILE)


@require_permission(Permission.SEE_ON_CALL)
@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    return _page(request)


@OWN
@require_POST
def offer(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = _offer_form(own_member(request), availability.upcoming_schedule(now, DAYS_AHEAD), now, request.POST)
    if submit(
        form, lambda: shift_handover.offer_shift(**form.chosen, to_id=form.cleaned_data["to"], by=signed_in(request))
    ):
        messages.success(
            request,
            _("We've asked %(name)s. Until they say yes, the shift is still yours.") % {"name": form.to_name},
        )
        return redirect("team:on_call")
    return _page(request, offer=form)


@OWN
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    return _answer(request, shift_handover.take_shift, _("The shift is yours now. Thank you."))


@OWN
@require_POST
def decline(request: HttpRequest) -> HttpResponse:
    return _answer(request, shift_handover.decline_shift, _("Nothing changed. The shift stays where it was."))


def _answer(request: HttpRequest, action: Callable[..., None], sentence: str) -> HttpResponse:
    shifts = [planned.shift for planned in availability.upcoming_schedule(timezone.now(), DAYS_AHEAD).shifts]
    form = ShiftForm(request.POST, shifts=shifts)
    if submit(form, lambda: action(**form.chosen, by=signed_in(request))):
        messages.success(request, sentence)
        return redirect("team:on_call")
    return _page(request, answer=form)


def _offer_form(
    member: Member, upcoming: UpcomingSchedule, now: datetime, typed: Mapping[str, object] | None = None
) -> HandOverForm:
    own = upcoming.shifts_of(member)
    others = [
        (pk, name) for pk, name in availability.members_who_can_take_shifts(timezone.localdate(now)) if pk != member.pk
    ]
    return HandOverForm(typed, shifts=own, others=others)


def _page(request: HttpRequest, **returned: PageForm) -> HttpResponse:
    now, zone = timezone.now(), timezone.get_default_timezone()
    upcoming, member = availability.upcoming_schedule(now, DAYS_AHEAD), members.member_for(signed_in(request))
    days = schedule_domain.day_schedules(now, on_call=upcoming.on_call, gaps=upcoming.gaps, zone=zone)
    context: dict[str, object] = {
        "lead": on_call.on_call_now({name for name, (starts, __) in upcoming.on_call if starts == now}),
        "coverage": on_call.coverage(upcoming.gaps),
        "first_gap": on_call.first_gap(upcoming.gaps, now, zone),
        "days": hours.shown_days(schedule_domain.group_equal_days(days)),
        "without_phone_alert": on_call.without_phone_alert(upcoming.without_phone_alert),
        "fill_url": reverse("team:roster"),
        "fill_link": _("Team"),
    }
    if member is not None:
        context |= _of_member(member, upcoming)
        context["forms"] = {"offer": _offer_form(member, upcoming, now), **returned}
    return render(request, "team/on_call.html", context)


def _of_member(member: Member, upcoming: UpcomingSchedule) -> dict[str, object]:
    zone = timezone.get_default_timezone()
    return {
        "member": member,
        "offered_to_you": [
            on_call.shown_shift(
                planned.shift, on_call.question(planned.name, is_own=planned.owner_id == member.pk), zone
            )
            for planned in upcoming.offered_to(member)
        ],
        "offered_by_you": [
            on_call.shown_shift(planned.shift, planned.offered_to_name, zone) for planned in upcoming.offered_by(member)
        ],
        "fill_url": reverse("team:own_hours"),
        "fill_link": _("Add hours you can take"),
    }
