"""Where a member stands now."""

from datetime import datetime

from django.utils import timezone

from ..domain.standing import Standing
from ..domain.states import MembershipState
from ..models import Member
from . import reasons_of
from .availability import on_call_at
from .pauses import current_pause


def standing_of(member: Member, now: datetime) -> Standing:
    today = timezone.localdate(now)
    pause = current_pause(member, today)
    is_planned = member.leave_from is not None and member.leave_from > today
    return Standing(
        MembershipState(member.state),
        reasons_of([member.pk], today).get(member.pk, ()),
        is_on_call=member.pk in on_call_at(now, of=[member.pk]),
        leave_until=member.leave_until,
        leave_from=member.leave_from if is_planned else None,
        back_on=pause.back_on if pause else None,
        term_ended_on=member.term_ends_on if member.has_term_ended(today) else None,
    )
