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

from .. import actions, calendar, queries
from ..calendar import DAYS_AHEAD
from ..hour_forms import HandOverForm, ShiftForm
from ..models import Member
from ..page_forms import PageForm
from .asking import done, own_member, signed_in

OWN = require_permission(Permission.OWN_PROFILE)


@require_permission(Permission.SEE_ON_CALL)
@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    return _page(request)


@OWN
@require_POST
def hand_over(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = _hand_over_form(own_member(request), queries.ahead(now, DAYS_AHEAD), now, request.POST)
    if done(form, lambda: actions.offer_shift(**form.chosen, to_id=form.cleaned_data["to"], by=signed_in(request))):
        messages.success(request, "They are asked. Until they say yes, the shift is yours.")
        return redirect("team:on_call")
    return _page(request, hand_over=form)


@OWN
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    return _answer(request, actions.take_shift, "It is yours now. Thank you.")


@OWN
@require_POST
def decline(request: HttpRequest) -> HttpResponse:
    return _answer(request, actions.decline_shift, "It stays where it was.")


def _answer(request: HttpRequest, act: Callable[..., None], sentence: str) -> HttpResponse:
    shifts = [planned.shift for planned in queries.ahead(timezone.now(), DAYS_AHEAD).shifts]
    form = ShiftForm(request.POST, shifts=shifts)
    if done(form, lambda: act(**form.chosen, by=signed_in(request))):
        messages.success(request, sentence)
        return redirect("team:on_call")
    return _page(request, answer=form)


def _hand_over_form(
    member: Member, ahead: queries.Ahead, now: datetime, typed: Mapping[str, object] | None = None
) -> HandOverForm:
    own = ahead.shifts_of(member)
    others = [(pk, name) for pk, name in queries.can_be_on_call(timezone.localdate(now)) if pk != member.pk]
    return HandOverForm(typed, shifts=own, others=others)


def _page(request: HttpRequest, **returned: PageForm) -> HttpResponse:
    now = timezone.now()
    ahead, member = queries.ahead(now, DAYS_AHEAD), queries.member_for(signed_in(request))
    on_call_now = {name for name, (starts, _) in ahead.taken if starts == now}
    days = calendar.days(now, taken=ahead.taken, gaps=ahead.gaps, zone=timezone.get_default_timezone())
    context: dict[str, object] = {
        "gaps": ahead.gaps,
        "now": now,
        "who_now": calendar.in_a_row(on_call_now),
        "count_now": len(on_call_now),
        "hours_without": calendar.hours_in(ahead.gaps),
        "days": calendar.alike(days),
        "without_bell": calendar.in_a_row(ahead.without_bell),
    }
    if member is not None:
        context["member"] = member
        context["asked"] = ahead.asked_of(member)
        context["asking"] = [each for each in ahead.shifts if each.offered_to and each.shift.member_id == member.pk]
        context["forms"] = {"hand_over": _hand_over_form(member, ahead, now), **returned}
    return render(request, "team/on_call.html", context)
