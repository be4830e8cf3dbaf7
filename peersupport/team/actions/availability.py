"""When a member can be reached: hours of the week, and pauses."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from peersupport.access.permissions import Permission
from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions.outbox import notify_all

from ..domain import on_call
from ..domain.states import Purpose, State
from ..models import Member, Pause, ShiftHandover, User, WeeklyHours
from ..queries import availability, members


@transaction.atomic
def add_hours(
    *,
    member_id: int,
    purpose: Purpose,
    by: User,
    days: Iterable[int] = on_call.EVERY_DAY,
    starts: time = on_call.ALL_DAY,
    ends: time = on_call.ALL_DAY,
    since: datetime | None = None,
) -> WeeklyHours:
    """From now on, each week on these days (Monday is 0). The same hours twice are harmless.

    since: when they began to hold, for those of a team that was on call before this program knew of it.
    """
    member, now = locked(member_id), timezone.now()
    if purpose == Purpose.ON_CALL:
        check_can_be_on_call(member, timezone.localdate(now))
    elif member.state == State.ENDED:
        raise Refused("This person is no longer a member.")
    hours = {"purpose": purpose, "days": sum({1 << day for day in days}), "starts": starts, "ends": ends}
    same = availability.hours_holding(now).filter(member=member, **hours).first()
    if same is not None:
        return same
    audit.record(action=f"{purpose}_hours_added", by=by.pk, about=f"member:{member_id}")
    until = _first_of_leave(member, purpose)
    return WeeklyHours.objects.create(member=member, since=since or now, until=until, **hours)


@transaction.atomic
def end_hours(*, hours_id: int, by: User) -> None:
    """These hours are over. Twice is harmless."""
    now = timezone.now()
    hours = availability.hours_holding(now).select_for_update().filter(pk=hours_id).first()
    if hours is None:
        return
    if hours.purpose == Purpose.ON_CALL:
        _end(hours, now)
    else:
        hours.delete()
    audit.record(action=f"{hours.purpose}_hours_ended", by=by.pk, about=f"member:{hours.member_id}")


@transaction.atomic
def pause(*, member_id: int, until: date, by: User) -> None:
    """Until this day the member is asked nothing new and is not on call. What is open with them stays with them."""
    member, now = locked(member_id), timezone.now()
    if member.state == State.ENDED:
        raise Refused("This person is no longer a member.")
    if until <= timezone.localdate(now):
        raise Refused("Choose a day that is still to come.")
    if not members.pauses_on(timezone.localdate(now)).filter(member=member).update(until=until):
        Pause.objects.create(member=member, since=now, until=until)
    ask_owners(member, now, on_call.midnight(until, timezone.get_default_timezone()))
    audit.record(action="pause_begun", by=by.pk, about=f"member:{member_id}")


@transaction.atomic
def end_pause(*, member_id: int, by: User) -> None:
    """The member is there again. Twice is harmless."""
    member, now = locked(member_id), timezone.now()
    if members.pauses_on(timezone.localdate(now)).filter(member=member).update(ended_at=now):
        audit.record(action="pause_ended", by=by.pk, about=f"member:{member_id}")


def end_on_call(member: Member, at: datetime, until: datetime | None = None) -> None:
    """From this moment the member is on call no longer; nobody is asked to take a shift of theirs, nor they one.

    until: when they are back; what they took over and comes later stays with them.
    """
    ShiftHandover.objects.filter(offered_to=member, held_by__isnull=True).delete()
    ShiftHandover.objects.filter(offered_to=member).update(offered_to=None)
    for hours in availability.own_hours(member, Purpose.ON_CALL, at):
        _end(hours, at)
    ask_owners(member, at, until)


def ask_owners(holder: Member, since: datetime, until: datetime | None) -> None:
    """What they took over and cannot hold between the two moments: its owners are asked whether they take it back."""
    for handover in availability.taken_over(holder, since, until):
        if handover.offered_to is None:
            ask_owner(handover, holder)


def ask_owner(handover: ShiftHandover, holder: Member, *, but: Member | None = None) -> None:
    """Until the owner says yes nobody has the shift, and the schedule says so. Both are told.

    Where the owner cannot be on call, or has said no (but), the coordinators are.
    """
    owner = handover.hours.member
    still_holds = availability.is_shift_ahead(handover.hours, handover.day, timezone.now())
    if owner == but or not (still_holds and is_free_on(owner, handover.day)):
        coordinators = members.people_with(Permission.MANAGE_TEAM)
        notify_all(user_ids=[holder.user_id, *(user.pk for user in coordinators)])
        return
    # Whoever was asked, or said yes, in this very moment stays.
    as_it_was = ShiftHandover.objects.filter(pk=handover.pk, held_by=holder, offered_to__isnull=True)
    if as_it_was.update(offered_to=owner):
        notify_all(user_ids=[holder.user_id, owner.user_id])


def is_free_on(member: Member, day: date) -> bool:
    """Whether a member can have a shift on this day, as far as is known today."""
    try:
        check_can_be_on_call(member, day)
    except Refused:
        return False
    return availability.pause_of(member, day) is None


def check_can_be_on_call(member: Member, day: date) -> None:
    if member.state != State.DESIGNATED:
        raise Refused("Only a designated member can be on call.")
    if member.is_on_leave(day):
        raise Refused("A member on leave cannot be on call. End the leave first.")
    if member.has_term_ended(day):
        raise Refused("The term of this member has ended. It has to be renewed first.")


def locked(member_id: int) -> Member:
    return Member.objects.select_for_update(of=("self",)).select_related("user").get(pk=member_id)


def _end(hours: WeeklyHours, at: datetime) -> None:
    """Whoever has taken a shift of these hours that is not over then has it no longer, and is told."""
    notify_all(user_ids=[each.held_by.user_id for each in availability.taken_from(hours, at) if each.held_by])
    if hours.since >= at:
        hours.delete()
    else:
        hours.until = at
        hours.save(update_fields=["until"])
        ShiftHandover.objects.filter(hours=hours, held_by__isnull=True).delete()


def _first_of_leave(member: Member, purpose: Purpose) -> datetime | None:
    """A leave that is planned ends being on call."""
    if purpose != Purpose.ON_CALL or member.leave_from is None or member.leave_from <= timezone.localdate():
        return None
    return on_call.midnight(member.leave_from, timezone.get_default_timezone())
