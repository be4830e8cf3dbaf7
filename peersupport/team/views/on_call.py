"""Who is on call in the days ahead, and single shifts that go from one member to another."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
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
from .access import done, own_member, signed_in

OWN = require_permission(Permission.OWN_PROFILE)


@require_permission(Permission.SEE_ON_CALL)
@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    return _page(request)


@OWN
@require_POST
def hand_over(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = _hand_over_form(own_member(request), availability.ahead(now, DAYS_AHEAD), now, request.POST)
    if done(
        form, lambda: shift_handover.offer_shift(**form.chosen, to_id=form.cleaned_data["to"], by=signed_in(request))
    ):
        messages.success(request, "They are asked. Until they say yes, the shift is yours.")
        return redirect("team:on_call")
    return _page(request, hand_over=form)


@OWN
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    return _answer(request, shift_handover.take_shift, "It is yours now. Thank you.")


@OWN
@require_POST
def decline(request: HttpRequest) -> HttpResponse:
    return _answer(request, shift_handover.decline_shift, "It stays where it was.")


def _answer(request: HttpRequest, act: Callable[..., None], sentence: str) -> HttpResponse:
    shifts = [planned.shift for planned in availability.ahead(timezone.now(), DAYS_AHEAD).shifts]
    form = ShiftForm(request.POST, shifts=shifts)
    if done(form, lambda: act(**form.chosen, by=signed_in(request))):
        messages.success(request, sentence)
        return redirect("team:on_call")
    return _page(request, answer=form)


def _hand_over_form(
    member: Member, ahead: availability.Ahead, now: datetime, typed: Mapping[str, object] | None = None
) -> HandOverForm:
    own = ahead.shifts_of(member)
    others = [(pk, name) for pk, name in availability.can_be_on_call(timezone.localdate(now)) if pk != member.pk]
    return HandOverForm(typed, shifts=own, others=others)


def _page(request: HttpRequest, **returned: PageForm) -> HttpResponse:
    now = timezone.now()
    ahead, member = availability.ahead(now, DAYS_AHEAD), members.member_for(signed_in(request))
    on_call_now = {name for name, (starts, _) in ahead.taken if starts == now}
    days = schedule_domain.days(now, taken=ahead.taken, gaps=ahead.gaps, zone=timezone.get_default_timezone())
    context: dict[str, object] = {
        "gaps": ahead.gaps,
        "now": now,
        "who_now": schedule_domain.in_a_row(on_call_now),
        "count_now": len(on_call_now),
        "hours_without": schedule_domain.hours_in(ahead.gaps),
        "days": schedule_domain.alike(days),
        "without_bell": schedule_domain.in_a_row(ahead.without_bell),
    }
    if member is not None:
        context["member"] = member
        context["asked"] = ahead.asked_of(member)
        context["asking"] = [each for each in ahead.shifts if each.offered_to and each.shift.member_id == member.pk]
        context["forms"] = {"hand_over": _hand_over_form(member, ahead, now), **returned}
    return render(request, "team/on_call.html", context)
