"""When a member can be reached: weekly hours and pauses."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.access.permissions import Permission
from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions.outbox import notify_all

from ..domain import on_call
from ..domain.states import HoursPurpose, MembershipState
from ..models import Member, Pause, ShiftHandover, User, WeeklyHours
from ..queries import accounts, availability, members, pauses

SURELY_AWAY = timedelta(days=1)  # of somebody who can't get in: shifts within that time go back to their owners


@transaction.atomic
def add_hours(
    *,
    member_id: int,
    purpose: HoursPurpose,
    by: User,
    days: Iterable[int] = on_call.EVERY_DAY,
    starts: time = on_call.ALL_DAY,
    ends: time = on_call.ALL_DAY,
    since: datetime | None = None,
) -> WeeklyHours:
    """Add weekly hours, in force from now on. The same hours twice are harmless. Raises Refused.

    days: Monday is 0. since: from when they are in force, for a team that was on call before it used this program.
    """
    member, now = members.locked_member(member_id), timezone.now()
    if purpose == HoursPurpose.ON_CALL:
        check_can_be_on_call(member, timezone.localdate(now))
    elif member.state == MembershipState.ENDED:
        raise Refused(_("This person is no longer a member."))
    hours = {"purpose": purpose, "days": sum({1 << day for day in days}), "starts": starts, "ends": ends}
    same = availability.hours_not_ended(now).filter(member=member, **hours).first()
    if same is not None:
        return same
    audit.record(action=f"{purpose}_hours_added", by=by.pk, about=f"member:{member_id}")
    until = _first_of_leave(member, purpose)
    return WeeklyHours.objects.create(member=member, since=since or now, until=until, **hours)


@transaction.atomic
def end_hours(*, hours_id: int, by: User) -> None:
    """End weekly hours now. Twice is harmless. Hours on call stay on record; others are deleted."""
    now = timezone.now()
    hours = availability.hours_not_ended(now).select_for_update().filter(pk=hours_id).first()
    if hours is None:
        return
    if hours.purpose == HoursPurpose.ON_CALL:
        _end_hours(hours, now)
    else:
        hours.delete()
    audit.record(action=f"{hours.purpose}_hours_ended", by=by.pk, about=f"member:{hours.member_id}")


@transaction.atomic
def pause(*, member_id: int, back_on: date, by: User) -> None:
    """Until this day, on which they are back, the member is offered nothing new and is not on call. Raises Refused.

    Open contacts stay with them.
    """
    member, now = members.locked_member(member_id), timezone.now()
    if member.state == MembershipState.ENDED:
        raise Refused(_("This person is no longer a member."))
    if back_on <= timezone.localdate(now):
        raise Refused(_("Choose a day in the future."))
    dated = pauses.pauses_on(timezone.localdate(now)).filter(member=member, back_on__isnull=False)
    if not dated.update(back_on=back_on):
        Pause.objects.create(member=member, since=now, back_on=back_on)
    offer_back_all(member, now, on_call.midnight(back_on, timezone.get_default_timezone()))
    audit.record(action="pause_begun", by=by.pk, about=f"member:{member_id}")


@transaction.atomic
def make_unavailable(*, member_id: int, by: User | None) -> None:
    """The member can't get in: they are offered nothing new and are not on call until they say that they are back.

    What is offered to them goes on to the next at the following sweep. Twice is harmless. by: None if nobody was signed
    in. It is recorded like any other pause.
    """
    member, now = members.locked_member(member_id), timezone.now()
    if not pauses.lasting_pauses_of(member).exists():
        _make_unavailable(member, now, by)


@transaction.atomic
def make_unavailable_by_lift(*, member_id: int, by: User, now: datetime) -> None:
    """As make_unavailable, for somebody else, who may take it back. now: when the lifting was asked for.

    It is a pause of its own, beside whatever pause the member is on: taking it back ends this one, and no other.
    """
    _make_unavailable(members.locked_member(member_id), now, by)


@transaction.atomic
def take_back_unavailable_by_lift(*, member_id: int, asked_at: datetime, by: int | None) -> None:
    """End the pause that the lifting which was asked for then has begun; any other goes on. Twice is harmless."""
    member, now = members.locked_member(member_id), timezone.now()
    current = pauses.pauses_on(timezone.localdate(now)).filter(member=member)
    _end_pauses(current.filter(since=asked_at, back_on__isnull=True), member_id, now, by)


@transaction.atomic
def end_pause(*, member_id: int, by: User) -> None:
    """The member is back: every pause that they are on is over. Twice is harmless."""
    member, now = members.locked_member(member_id), timezone.now()
    _end_pauses(pauses.pauses_on(timezone.localdate(now)).filter(member=member), member_id, now, by.pk)


def end_on_call(member: Member, at: datetime, until: datetime | None = None) -> None:
    """Take the member off call from this moment, and withdraw the shift offers that they got or made.

    until: when they are back; shifts that they took over and that begin later stay with them.
    """
    ShiftHandover.objects.filter(offered_to=member, held_by__isnull=True).delete()
    ShiftHandover.objects.filter(offered_to=member).update(offered_to=None)
    for hours in availability.hours_not_ended_of(member, HoursPurpose.ON_CALL, at):
        _end_hours(hours, at)
    offer_back_all(member, at, until)


def offer_back_all(holder: Member, since: datetime, until: datetime | None) -> None:
    """Offer the shifts that this member took over, and cannot do between the two moments, back to their owners."""
    for handover in availability.shifts_taken_over_by(holder, since, until):
        if handover.offered_to is None:
            offer_back(handover, holder)


def offer_back(handover: ShiftHandover, holder: Member, *, declined_by: Member | None = None) -> None:
    """Offer a shift back to its owner, and notify both. Until the owner says yes, nobody has the shift.

    Where the owner cannot be on call, or has declined it (declined_by), the coordinators are notified instead.
    """
    owner = handover.hours.member
    is_upcoming = availability.is_shift_upcoming(handover.hours, handover.day, timezone.now())
    if owner == declined_by or not (is_upcoming and is_free_on(owner, handover.day)):
        coordinators = accounts.users_with_permission(Permission.MANAGE_TEAM)
        notify_all(user_ids=[holder.user_id, *(user.pk for user in coordinators)])
        return
    # If somebody was offered the shift or took it at this very moment, that stays.
    unchanged = ShiftHandover.objects.filter(pk=handover.pk, held_by=holder, offered_to__isnull=True)
    if unchanged.update(offered_to=owner):
        notify_all(user_ids=[holder.user_id, owner.user_id])


def is_free_on(member: Member, day: date) -> bool:
    """Whether the member can take a shift on this day, as far as can be said today."""
    try:
        check_can_be_on_call(member, day)
    except Refused:
        return False
    return pauses.current_pause(member, day) is None


def check_can_be_on_call(member: Member, day: date) -> None:
    """Raises Refused unless the member can be on call on this day. Pauses are not considered."""
    if member.state != MembershipState.DESIGNATED:
        raise Refused(_("Only a designated member can be on call."))
    if member.is_on_leave(day):
        raise Refused(_("A member on leave can't be on call. End the leave first."))
    if member.has_term_ended(day):
        raise Refused(_("This member's term has ended. It has to be renewed first."))


def _make_unavailable(member: Member, now: datetime, by: User | None) -> None:
    if member.state == MembershipState.ENDED:
        return
    Pause.objects.create(member=member, since=now)
    offer_back_all(member, now, now + SURELY_AWAY)
    audit.record(action="pause_begun", by=by.pk if by else None, about=f"member:{member.pk}")


def _end_pauses(ending: QuerySet[Pause], member_id: int, now: datetime, by: int | None) -> None:
    tomorrow = timezone.localdate(now) + on_call.DAY
    if ending.update(ended_at=now, back_on=Coalesce("back_on", tomorrow)):
        audit.record(action="pause_ended", by=by, about=f"member:{member_id}")


def _end_hours(hours: WeeklyHours, at: datetime) -> None:
    """End hours at this moment. Whoever has taken over a later shift of them loses it and is notified."""
    taken_over = availability.shifts_taken_over_from(hours, at)
    notify_all(user_ids=[handover.held_by.user_id for handover in taken_over if handover.held_by])
    if hours.since >= at:
        hours.delete()
    else:
        hours.until = at
        hours.save(update_fields=["until"])
        ShiftHandover.objects.filter(hours=hours, held_by__isnull=True).delete()


def _first_of_leave(member: Member, purpose: HoursPurpose) -> datetime | None:
    """Hours on call end when a planned leave begins."""
    if purpose != HoursPurpose.ON_CALL or member.leave_from is None or member.leave_from <= timezone.localdate():
        return None
    return on_call.midnight(member.leave_from, timezone.get_default_timezone())
