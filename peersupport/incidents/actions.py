"""Calling the team out after a critical incident, and everything that is done until it ends."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from peersupport.access.permissions import Permission
from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions.outbox import notify_all
from peersupport.team.models import User
from peersupport.team.queries import members

from .domain.activation import Answer, Stage, Step, check_move, step
from .models import Activation, CallOut, GroupSession


@transaction.atomic
def activate(*, by: User) -> Activation:
    """The team is called out from now on. While one activation runs there is no other: twice is harmless."""
    running, is_new = Activation.objects.get_or_create(
        stage=Stage.RUNNING, defaults={"begun_on": timezone.localdate(), "begun_by": by}
    )
    if is_new:
        _record("activation_begun", running, by)
    return running


@transaction.atomic
def call_out(*, member_ids: Collection[int], meeting: str, by: User) -> None:
    """Rings these members; and, where they meet elsewhere than was said, those who were called before and may come."""
    running = _running()
    if not member_ids and meeting == running.meeting:
        raise Refused("Choose whom to call, or say where and when they meet now.")
    told = set()
    if meeting != running.meeting:
        told = set(running.call_outs.exclude(answer=Answer.CANNOT).values_list("member__user_id", flat=True))
        running.meeting = meeting
        running.save(update_fields=["meeting"])
    able = dict(members.public_roster(timezone.localdate()).filter(pk__in=member_ids).values_list("pk", "user_id"))
    new = [member_id for member_id in able if CallOut.objects.get_or_create(activation=running, member_id=member_id)[1]]
    notify_all(user_ids=told | {able[member_id] for member_id in new}, urgent=True)
    _record("members_called_out", running, by)


@transaction.atomic
def answer_call(*, member_id: int, comes: bool, by: User) -> None:
    """A member says whether they can come. Raises Refused when there is nothing to answer any more."""
    _running()
    call = CallOut.objects.select_for_update().filter(member=member_id, activation__stage=Stage.RUNNING).first()
    if call is None:
        raise Refused("You are not called out.")
    call.answer = Answer.COMES if comes else Answer.CANNOT
    call.save(update_fields=["answer"])
    audit.record(action=f"call_answered_{call.answer}", by=by.pk, about=f"activation:{call.activation_id}")


@transaction.atomic
def raise_caps(*, more: int, until: date | None, by: User) -> None:
    """Until the end of this day everybody may be asked for so many contacts more than they said; none ends it."""
    running = _running()
    running.caps_more, running.caps_until = more, until if more else None
    _check_ahead(running.caps_until)
    running.save(update_fields=["caps_more", "caps_until"])
    _record("caps_raised" if more else "caps_no_longer_raised", running, by)


@transaction.atomic
def put_notice(*, words: str, until: date | None, by: User) -> None:
    """Until the end of this day the public pages say so; no words take it down."""
    running = _running()
    running.notice, running.notice_until = words, until if words else None
    _check_ahead(running.notice_until)
    running.save(update_fields=["notice", "notice_until"])
    _record("public_notice_put" if words else "public_notice_taken_down", running, by)


@transaction.atomic
def plan_group_session(*, kind: str, starts_at: datetime, place: str, by: User) -> None:
    """A defusing or debriefing, for those who lead it. The same twice is one."""
    running = _running()
    if starts_at <= timezone.now():
        raise Refused("This hour has passed. Choose one that is still to come.")
    _, is_new = GroupSession.objects.get_or_create(
        activation=running, kind=kind, starts_at=starts_at, place=place, defaults={}
    )
    if is_new:
        _record("group_session_planned", running, by)


@transaction.atomic
def take_back_group_session(*, session_id: int, by: User) -> None:
    """It will not be. Twice is harmless."""
    running = _running()
    if running.sessions.filter(pk=session_id).delete()[0]:
        _record("group_session_taken_back", running, by)


@transaction.atomic
def end_activation(*, by: User) -> None:
    """Caps are as members set them, the notice is gone, and so is what they were told. Reminders go on."""
    running = _running()
    check_move(Stage(running.stage), Stage.ENDED)
    running.stage, running.ended_on = Stage.ENDED, timezone.localdate()
    running.meeting = running.notice = ""
    running.caps_more, running.caps_until, running.notice_until = 0, None, None
    running.save()
    _record("activation_ended", running, by)


@transaction.atomic
def see_to_activation(*, activation_id: int, reached: Step, by: User) -> None:
    """Somebody has looked at how people are. Of a reminder that came meanwhile nothing is taken away."""
    if Activation.objects.filter(pk=activation_id).exclude(seen_step=reached).update(seen_step=reached):
        audit.record(action=f"seen_to_after_{reached}", by=by.pk, about=f"activation:{activation_id}")


@transaction.atomic
def remind_of_activations(*, today: date) -> int:
    """Tells the coordinators of each step, once. A day on which no job ran loses none."""
    told = 0
    for each in Activation.objects.select_for_update():
        due = step(each.begun_on, today)
        if due and due not in (each.told_step, each.seen_step):
            each.told_step = due
            each.save(update_fields=["told_step"])
            told += 1
    if told:
        notify_all(user_ids=[user.pk for user in members.people_with(Permission.MANAGE_TEAM)])
        audit.record(action="coordinators_reminded_of_activation", by=None)
    return told


def _running() -> Activation:
    running = Activation.objects.select_for_update().filter(stage=Stage.RUNNING).first()
    if running is None:
        raise Refused("This activation has ended.")
    return running


def _check_ahead(last: date | None) -> None:
    if last is not None and last < timezone.localdate():
        raise Refused("This day has passed. Choose today or a day that is still to come.")


def _record(action: str, activation: Activation, by: User) -> None:
    audit.record(action=action, by=by.pk, about=f"activation:{activation.pk}")
