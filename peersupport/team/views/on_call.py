"""Who is on call in the days ahead, and handing single shifts to other members."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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
        messages.success(request, _("They are asked. Until they say yes, the shift is yours."))
        return redirect("team:on_call")
    return _page(request, offer=form)


@OWN
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    return _answer(request, shift_handover.take_shift, _("It is yours now. Thank you."))


@OWN
@require_POST
def decline(request: HttpRequest) -> HttpResponse:
    return _answer(request, shift_handover.decline_shift, _("It stays where it was."))


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
    now = timezone.now()
    upcoming, member = availability.upcoming_schedule(now, DAYS_AHEAD), members.member_for(signed_in(request))
    on_call_now = {name for name, (starts, _) in upcoming.on_call if starts == now}
    days = schedule_domain.day_schedules(
        now, on_call=upcoming.on_call, gaps=upcoming.gaps, zone=timezone.get_default_timezone()
    )
    context: dict[str, object] = {
        "gaps": upcoming.gaps,
        "now": now,
        "on_call_now": schedule_domain.join_names(on_call_now),
        "on_call_count": len(on_call_now),
        "uncovered_hours": schedule_domain.whole_hours(upcoming.gaps),
        "days": schedule_domain.group_equal_days(days),
        "without_phone_alert": schedule_domain.join_names(upcoming.without_phone_alert),
    }
    if member is not None:
        context["member"] = member
        context["offered_to_you"] = upcoming.offered_to(member)
        context["offered_by_you"] = upcoming.offered_by(member)
        context["forms"] = {"offer": _offer_form(member, upcoming, now), **returned}
    return render(request, "team/on_call.html", context)
