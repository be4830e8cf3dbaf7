"""Passing a single on-call shift to another member. Until they take it, nothing changes.

Owner: the member whose weekly hours they are. Holder: the member who has the shift now.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions.outbox import notify

from ..domain.states import HoursPurpose
from ..models import Member, ShiftHandover, User, WeeklyHours
from ..queries import availability, members
from .availability import check_can_be_on_call, is_free_on, offer_back

NOT_YOURS = gettext_lazy("This shift is over, or someone else has it now.")


@transaction.atomic
def offer_shift(*, hours_id: int, day: date, to_id: int, by: User) -> None:
    """Offer one of one's own shifts to another member; an earlier offer of it is withdrawn. Raises Refused."""
    handover = _locked(hours_id, day)
    holder = _holder(handover)
    if holder.user_id != by.pk:
        raise Refused(NOT_YOURS)
    to = members.locked_member(to_id)
    if to == holder:
        raise Refused(_("This shift is already yours."))
    check_can_be_on_call(to, day)
    handover.offered_to = to
    handover.save()
    audit.record(action="shift_offered", by=by.pk, about=f"member:{to_id}")
    notify(user_id=to.user_id)


@transaction.atomic
def take_shift(*, hours_id: int, day: date, by: User) -> None:
    """Take a shift that was offered. Raises Refused."""
    handover = _locked(hours_id, day)
    holder, taker = _holder(handover), _offered_to(handover, by)
    check_can_be_on_call(taker, day)
    handover.held_by, handover.offered_to = taker, None
    _save(handover)
    audit.record(action="shift_taken", by=by.pk, about=f"member:{taker.pk}")
    notify(user_id=holder.user_id)


@transaction.atomic
def decline_shift(*, hours_id: int, day: date, by: User) -> None:
    """Decline a shift that was offered, or withdraw the offer: it stays with its holder. Raises Refused.

    If the holder took it over and cannot be on call then, it is offered back to its owner next.
    """
    handover = _locked(hours_id, day)
    holder, declined_by = _holder(handover), None
    if holder.user_id != by.pk:
        declined_by = _offered_to(handover, by)
        notify(user_id=holder.user_id)
    handover.offered_to = None
    _save(handover)
    if declined_by and handover.held_by and not is_free_on(holder, day):
        offer_back(handover, holder, declined_by=declined_by)
    action = "shift_offer_declined" if declined_by else "shift_offer_withdrawn"
    audit.record(action=action, by=by.pk, about=f"member:{holder.pk}")


def _locked(hours_id: int, day: date) -> ShiftHandover:
    """The row about this shift, its hours locked; a new row, not yet saved, if it was never offered to anybody."""
    hours = WeeklyHours.objects.select_for_update().filter(pk=hours_id, purpose=HoursPurpose.ON_CALL).first()
    if hours is None or not availability.is_shift_upcoming(hours, day, timezone.now()):
        raise Refused(NOT_YOURS)
    return ShiftHandover.objects.filter(hours=hours, day=day).first() or ShiftHandover(hours=hours, day=day)


def _holder(handover: ShiftHandover) -> Member:
    return handover.held_by or handover.hours.member


def _offered_to(handover: ShiftHandover, by: User) -> Member:
    if handover.offered_to is None or handover.offered_to.user_id != by.pk:
        raise Refused(_("You're no longer asked to take this shift."))
    return handover.offered_to


def _save(handover: ShiftHandover) -> None:
    """A shift that is with its owner, and offered to nobody, needs no row."""
    if handover.held_by == handover.hours.member:
        handover.held_by = None
    if handover.held_by or handover.offered_to:
        handover.save()
    elif handover.pk:
        handover.delete()
