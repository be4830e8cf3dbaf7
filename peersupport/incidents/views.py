"""After a critical incident: the coordinator calls out the team, and each member says whether they can come."""

from collections.abc import Callable, Mapping
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.errors import Refused
from peersupport.team.forms.base import PageForm
from peersupport.team.views.access import done, own_member, signed_in

from . import actions, queries
from .domain.activation import STEP_LABELS, Answer, Step, step
from .forms import CallOutForm, CapsForm, GroupSessionForm, NoticeForm
from .models import Activation

MANAGE = require_permission(Permission.MANAGE_TEAM)
OVER = "This activation has ended meanwhile, so nothing was changed."


@MANAGE
@require_http_methods(["GET", "HEAD", "POST"])
def activation(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        actions.activate(by=signed_in(request))
        return redirect("incidents:activation")
    return _page(request)


@MANAGE
@require_POST
def call_out(request: HttpRequest) -> HttpResponse:
    form = _call_out_form(queries.activation_now(), request.POST)
    return _obeyed(
        request,
        "call_out",
        form,
        lambda: actions.call_out(member_ids=form.chosen, meeting=form.cleaned_data["meeting"], by=signed_in(request)),
        "They are told now. Below you see who can come.",
    )


@MANAGE
@require_POST
def raise_caps(request: HttpRequest) -> HttpResponse:
    form = CapsForm(request.POST)
    return _obeyed(
        request, "caps", form, lambda: actions.raise_caps(**form.cleaned_data, by=signed_in(request)), "It holds now."
    )


@MANAGE
@require_POST
def put_notice(request: HttpRequest) -> HttpResponse:
    form = NoticeForm(request.POST)
    return _obeyed(
        request,
        "notice",
        form,
        lambda: actions.put_notice(**form.cleaned_data, by=signed_in(request)),
        "Saved. The public pages say what you see here.",
    )


@MANAGE
@require_POST
def plan_session(request: HttpRequest) -> HttpResponse:
    form = GroupSessionForm(request.POST)
    return _obeyed(
        request,
        "session",
        form,
        lambda: actions.plan_group_session(**form.planned, by=signed_in(request)),
        "Planned. The members you called out read it on their desk.",
    )


@MANAGE
@require_POST
def take_back_session(request: HttpRequest, pk: int) -> HttpResponse:
    return _pressed(
        request, lambda: actions.take_back_group_session(session_id=pk, by=signed_in(request)), "It is taken back."
    )


@MANAGE
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    sentence = "It has ended. You are reminded after three days, two weeks and a year."
    return _pressed(request, lambda: actions.end_activation(by=signed_in(request)), sentence)


@MANAGE
@require_POST
def see_to(request: HttpRequest, pk: int, reached: str) -> HttpResponse:
    if reached in set(Step):
        actions.see_to_activation(activation_id=pk, reached=Step(reached), by=signed_in(request))
        messages.success(request, "Noted. Thank you for thinking of them.")
    return redirect("incidents:activation")


@require_permission(Permission.OWN_PROFILE)
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    member, comes = own_member(request), "comes" in request.POST
    try:
        actions.answer_call(member_id=member.pk, comes=comes, by=signed_in(request))
    except Refused as refused:
        messages.info(request, f"{refused.sentence} There is nothing to answer.")
    else:
        messages.success(request, "Thank you. The coordinator sees it." if comes else "That is all right.")
    return redirect("dashboard:home")


def _call_out_form(running: Activation | None, typed: Mapping[str, object] | None = None) -> CallOutForm:
    if running is None:
        return CallOutForm(typed, members=[])
    members = queries.can_be_called_out(running, timezone.localdate())
    return CallOutForm(typed, members=members, initial={"meeting": running.meeting})


def _obeyed(request: HttpRequest, name: str, form: PageForm, act: Callable[[], None], sentence: str) -> HttpResponse:
    """The form's own part of the page says what is wrong; one on an activation that has ended goes back to the page."""
    if done(form, act):
        messages.success(request, sentence)
        return redirect("incidents:activation")
    return _page(request, **{name: form})


def _pressed(request: HttpRequest, act: Callable[[], None], sentence: str) -> HttpResponse:
    try:
        act()
    except Refused:
        messages.warning(request, OVER)
    else:
        messages.success(request, sentence)
    return redirect("incidents:activation")


def _page(request: HttpRequest, **returned: PageForm) -> HttpResponse:
    today, running = timezone.localdate(), queries.activation_now()
    context: dict[str, object] = {
        "past": queries.past_activations(),
        "to_look_at": [
            (each, due, STEP_LABELS[due])
            for each in queries.activations_to_look_at(today)
            if (due := step(each.begun_on, today))
        ],
        "returned": list(returned.values()) if running is None else [],
    }
    if running is not None:
        context |= _while_it_runs(running, today)
        context["forms"] = {**_forms(running), **returned}
    return render(request, "incidents/activation.html", context)


def _while_it_runs(running: Activation, today: date) -> dict[str, object]:
    calls = queries.called_out(running)
    return {
        "activation": running,
        "calls": calls,
        "coming": sum(call.answer == Answer.COMES for call in calls),
        "is_raised": bool(running.caps_until and running.caps_until >= today),
        "is_told": bool(running.notice_until and running.notice_until >= today),
    }


def _forms(running: Activation) -> dict[str, PageForm]:
    return {
        "call_out": _call_out_form(running),
        "caps": CapsForm.of(running),
        "notice": NoticeForm.of(running),
        "session": GroupSessionForm(),
    }
