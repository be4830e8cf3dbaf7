"""Calling the team out after a critical incident, and everything until the activation ends."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.access.permissions import Permission
from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions.outbox import notify_all
from peersupport.team import queries as team
from peersupport.team.models import Member, User
from peersupport.team.queries import accounts

from .domain.activation import ACTIVATION, ActivationStage, Answer, FollowUp, follow_up_due
from .models import Activation, CallOut, GroupSession


@transaction.atomic
def begin_activation(*, by: User) -> Activation:
    """Begin an activation. Only one runs at a time: doing it twice is harmless."""
    running, is_new = Activation.objects.get_or_create(
        stage=ActivationStage.RUNNING, defaults={"begun_on": timezone.localdate(), "begun_by": by}
    )
    if is_new:
        _record("activation_begun", running, by)
    return running


@transaction.atomic
def call_out(*, member_ids: Collection[int], meeting: str, by: User) -> None:
    """Alert these members. If the meeting has changed, also alert those called before, unless they can't come."""
    running = _lock_running()
    if not member_ids and meeting == running.meeting:
        raise Refused(_("Choose who to call out, or change where and when they meet."))
    renotified = set()
    if meeting != running.meeting:
        renotified = set(running.call_outs.exclude(answer=Answer.CANNOT).values_list("member__user_id", flat=True))
        running.meeting = meeting
        running.save(update_fields=["meeting"])
    reasons = team.reasons_of(member_ids, timezone.localdate())
    able = [member_id for member_id, keeping in reasons.items() if not keeping]
    user_ids = dict(Member.objects.filter(pk__in=able).values_list("pk", "user_id"))
    new = [
        member_id for member_id in user_ids if CallOut.objects.get_or_create(activation=running, member_id=member_id)[1]
    ]
    notify_all(user_ids=renotified | {user_ids[member_id] for member_id in new}, urgent=True)
    _record("members_called_out", running, by)


@transaction.atomic
def answer_call(*, member_id: int, comes: bool, by: User) -> None:
    """Record whether a member can come. Raises Refused if they are not called out, or no longer."""
    _lock_running()
    call = (
        CallOut.objects.select_for_update().filter(member=member_id, activation__stage=ActivationStage.RUNNING).first()
    )
    if call is None:
        raise Refused(_("You aren't called out right now, so there's nothing to answer."))
    call.answer = Answer.COMES if comes else Answer.CANNOT
    call.save(update_fields=["answer"])
    audit.record(action=f"call_answered_{call.answer}", by=by.pk, about=f"activation:{call.activation_id}")


@transaction.atomic
def raise_caps(*, extra_contacts: int, until: date | None, by: User) -> None:
    """Let members carry this many more contacts than they chose, through `until`; 0 ends it. Raises Refused."""
    running = _lock_running()
    running.extra_contacts, running.caps_until = extra_contacts, until if extra_contacts else None
    _check_not_past(running.caps_until)
    running.save(update_fields=["extra_contacts", "caps_until"])
    _record("caps_raised" if extra_contacts else "caps_no_longer_raised", running, by)


@transaction.atomic
def publish_notice(*, text: str, until: date | None, by: User) -> None:
    """Show a notice on the public pages until the end of this day; an empty text takes it down. Raises Refused."""
    running = _lock_running()
    running.notice, running.notice_until = text, until if text else None
    _check_not_past(running.notice_until)
    running.save(update_fields=["notice", "notice_until"])
    _record("public_notice_published" if text else "public_notice_taken_down", running, by)


@transaction.atomic
def plan_group_session(*, kind: str, starts_at: datetime, place: str, by: User) -> None:
    """Plan a defusing or debriefing, for the members who lead it. The same twice is harmless. Raises Refused."""
    running = _lock_running()
    if starts_at <= timezone.now():
        raise Refused(_("That time has passed. Choose a later one."))
    __, is_new = GroupSession.objects.get_or_create(
        activation=running, kind=kind, starts_at=starts_at, place=place, defaults={}
    )
    if is_new:
        _record("group_session_planned", running, by)


@transaction.atomic
def cancel_group_session(*, session_id: int, by: User) -> None:
    """Delete a planned session. Twice is harmless. Raises Refused."""
    running = _lock_running()
    if running.sessions.filter(pk=session_id).delete()[0]:
        _record("group_session_canceled", running, by)


@transaction.atomic
def end_activation(*, by: User) -> None:
    """End the activation: raised caps, notice and meeting go. Follow-up reminders go on. Raises Refused."""
    running = _lock_running()
    ACTIVATION.check(ActivationStage(running.stage), ActivationStage.ENDED)
    running.stage, running.ended_on = ActivationStage.ENDED, timezone.localdate()
    running.meeting = running.notice = ""
    running.extra_contacts, running.caps_until, running.notice_until = 0, None, None
    running.save()
    _record("activation_ended", running, by)


@transaction.atomic
def acknowledge_follow_up(*, activation_id: int, follow_up: FollowUp, by: User) -> None:
    """Somebody has checked how people are. A later follow-up that is due by now stays open."""
    unacknowledged = Activation.objects.filter(pk=activation_id).exclude(acknowledged_follow_up=follow_up)
    if unacknowledged.update(acknowledged_follow_up=follow_up):
        audit.record(action=f"follow_up_acknowledged_{follow_up}", by=by.pk, about=f"activation:{activation_id}")


@transaction.atomic
def send_follow_up_reminders(*, today: date) -> int:
    """Remind the coordinators of each follow-up, once; returns how many were due. A day without a run loses none."""
    count = 0
    for activation in Activation.objects.select_for_update():
        due = follow_up_due(activation.begun_on, today)
        if due and due not in (activation.notified_follow_up, activation.acknowledged_follow_up):
            activation.notified_follow_up = due
            activation.save(update_fields=["notified_follow_up"])
            count += 1
    if count:
        notify_all(user_ids=[user.pk for user in accounts.users_with_permission(Permission.MANAGE_TEAM)])
        audit.record(action="coordinators_reminded_of_activation", by=None)
    return count


def _lock_running() -> Activation:
    running = Activation.objects.select_for_update().filter(stage=ActivationStage.RUNNING).first()
    if running is None:
        raise Refused(_("This activation has ended."))
    return running


def _check_not_past(last: date | None) -> None:
    if last is not None and last < timezone.localdate():
        raise Refused(_("That day has passed. Choose today or a later day."))


def _record(action: str, activation: Activation, by: User) -> None:
    audit.record(action=action, by=by.pk, about=f"activation:{activation.pk}")
