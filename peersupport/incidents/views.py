"""After a critical incident: the coordinator calls out the team, and members answer whether they can come."""

from collections.abc import Callable, Mapping
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.errors import Refused
from peersupport.core.translation import refusal_text
from peersupport.team.forms.base import PageForm
from peersupport.team.views.access import own_member, signed_in, submit

from . import actions, presenters, queries
from .domain.activation import Answer, FollowUp, follow_up_due
from .forms import CallOutForm, CapsForm, GroupSessionForm, NoticeForm
from .models import Activation

MANAGE = require_permission(Permission.MANAGE_TEAM)
HAS_ENDED = gettext_lazy("This activation has already ended, so nothing was changed.")


@MANAGE
@require_http_methods(["GET", "HEAD", "POST"])
def activation(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        actions.begin_activation(by=signed_in(request))
        return redirect("incidents:activation")
    return _page(request)


@MANAGE
@require_POST
def call_out(request: HttpRequest) -> HttpResponse:
    form = _call_out_form(queries.running_activation(), request.POST)
    return _submitted(
        request,
        "call_out",
        form,
        lambda: actions.call_out(
            member_ids=form.member_ids, meeting=form.cleaned_data["meeting"], by=signed_in(request)
        ),
        _("They're being alerted. You'll see below who can come."),
    )


@MANAGE
@require_POST
def raise_caps(request: HttpRequest) -> HttpResponse:
    form = CapsForm(request.POST)
    return _submitted(
        request,
        "caps",
        form,
        lambda: actions.raise_caps(
            extra_contacts=form.cleaned_data["more"], until=form.cleaned_data["until"], by=signed_in(request)
        ),
        _("Saved."),
    )


@MANAGE
@require_POST
def publish_notice(request: HttpRequest) -> HttpResponse:
    form = NoticeForm(request.POST)
    return _submitted(
        request,
        "notice",
        form,
        lambda: actions.publish_notice(
            text=form.cleaned_data["words"], until=form.cleaned_data["until"], by=signed_in(request)
        ),
        _("Saved. The public pages now say what you see here."),
    )


@MANAGE
@require_POST
def plan_session(request: HttpRequest) -> HttpResponse:
    form = GroupSessionForm(request.POST)
    return _submitted(
        request,
        "session",
        form,
        lambda: actions.plan_group_session(**form.session_fields, by=signed_in(request)),
        _("Session planned. The members you called out see it on their desk."),
    )


@MANAGE
@require_POST
def cancel_session(request: HttpRequest, pk: int) -> HttpResponse:
    sentence = _("Session canceled.")
    return _acted(request, lambda: actions.cancel_group_session(session_id=pk, by=signed_in(request)), sentence)


@MANAGE
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    sentence = _("Activation ended. You'll be reminded to check on people after three days, two weeks and a year.")
    return _acted(request, lambda: actions.end_activation(by=signed_in(request)), sentence)


@MANAGE
@require_POST
def acknowledge(request: HttpRequest, pk: int, follow_up: str) -> HttpResponse:
    if follow_up in set(FollowUp):
        actions.acknowledge_follow_up(activation_id=pk, follow_up=FollowUp(follow_up), by=signed_in(request))
        messages.success(request, _("Saved. Thank you for checking on them."))
    return redirect("incidents:activation")


@require_permission(Permission.OWN_PROFILE)
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    member, comes = own_member(request), "comes" in request.POST
    try:
        actions.answer_call(member_id=member.pk, comes=comes, by=signed_in(request))
    except Refused as refused:
        messages.info(request, refusal_text(refused))
    else:
        messages.success(
            request, _("Thank you. The coordinator can see your answer.") if comes else _("That's all right.")
        )
    return redirect("dashboard:home")


def _call_out_form(running: Activation | None, typed: Mapping[str, object] | None = None) -> CallOutForm:
    if running is None:
        return CallOutForm(typed, members=[])
    members = queries.members_to_call_out(running, timezone.localdate())
    return CallOutForm(typed, members=members, initial={"meeting": running.meeting})


def _submitted(
    request: HttpRequest, name: str, form: PageForm, action: Callable[[], None], sentence: str
) -> HttpResponse:
    """Errors appear on the form. If the activation has ended, the page shows the form with what was typed."""
    if submit(form, action):
        messages.success(request, sentence)
        return redirect("incidents:activation")
    return _page(request, **{name: form})


def _acted(request: HttpRequest, action: Callable[[], None], sentence: str) -> HttpResponse:
    try:
        action()
    except Refused:
        messages.warning(request, HAS_ENDED)
    else:
        messages.success(request, sentence)
    return redirect("incidents:activation")


def _page(request: HttpRequest, **returned: PageForm) -> HttpResponse:
    today, running = timezone.localdate(), queries.running_activation()
    context: dict[str, object] = {
        "past": [presenters.past_row(past) for past in queries.past_activations()],
        "follow_ups": [
            presenters.follow_up_card(past.pk, past.begun_on, due)
            for past in queries.activations_to_follow_up(today)
            if (due := follow_up_due(past.begun_on, today))
        ],
    }
    if running is None:
        context |= {"lead": presenters.lead(None, ()), "returned": returned.values()}
        return render(request, "incidents/start.html", context)
    context |= _while_it_runs(running, today)
    context["forms"] = {**_forms(running), **returned}
    return render(request, "incidents/running.html", context)


def _while_it_runs(running: Activation, today: date) -> dict[str, object]:
    calls = [(call.member.user.name, Answer(call.answer)) for call in queries.call_outs_of(running)]
    return {
        "lead": presenters.lead(running.begun_on, [answer for __, answer in calls]),
        "calls": [presenters.call_row(name, answer) for name, answer in calls],
        "caps_note": presenters.caps_note(running.extra_contacts, running.caps_until, today),
        "notice_note": presenters.notice_note(running.notice_until, today),
        "sessions": queries.sessions_of(running),
    }


def _forms(running: Activation) -> dict[str, PageForm]:
    return {
        "call_out": _call_out_form(running),
        "caps": CapsForm.for_activation(running),
        "notice": NoticeForm.for_activation(running),
        "session": GroupSessionForm(),
    }
