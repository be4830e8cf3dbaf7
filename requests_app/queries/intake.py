"""Whether the form takes new requests now, and who may decide that it doesn't."""

from datetime import datetime

from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.audit.remembered import Remembered
from peersupport.team.models import User
from peersupport.team.queries import members
from peersupport.team.queries.availability import on_call_at

from ..domain.intake import Closed, ClosedReason, is_still_taken
from ..models import TelephoneOnly
from . import flood

_decided = Remembered(lambda now: TelephoneOnly.objects.filter(pk=1).first())


def telephone_only(now: datetime) -> TelephoneOnly | None:
    """The decision that runs; it ends by itself, no task has to run for that."""
    decided = _decided.at(now)
    return decided if decided is not None and decided.until > now else None


def closed_for(now: datetime, signed_at: datetime | None = None) -> Closed | None:
    """Why a form whose page was made at this moment takes nothing now; None where it does."""
    switch = telephone_only(now)
    if switch is not None and not is_still_taken(signed_at, switch.since, now):
        return Closed(ClosedReason.BY_TELEPHONE, timezone.localtime(switch.until))
    return Closed(ClosedReason.FULL) if flood.is_full() else None


def may_switch(user: User, now: datetime) -> bool:
    """Whether this person may decide it: a coordinator, or a member who is on call at this moment."""
    if Role.COORDINATOR in user.roles:
        return True
    member = members.member_for(user)
    return member is not None and member.pk in on_call_at(now)
