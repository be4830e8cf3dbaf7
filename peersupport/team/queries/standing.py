"""Where a member stands now."""

from datetime import datetime

from django.utils import timezone

from ..domain.standing import Standing
from ..domain.states import KeyState, MembershipState
from ..models import Member
from .availability import current_pause, on_call_at


def standing_of(member: Member, now: datetime) -> Standing:
    today = timezone.localdate(now)
    pause = current_pause(member, today)
    is_planned = member.leave_from is not None and member.leave_from > today
    return Standing(
        MembershipState(member.state),
        is_on_call=member.pk in on_call_at(now, of=[member.pk]),
        is_on_leave=member.is_on_leave(today),
        leave_until=member.leave_until,
        leave_from=member.leave_from if is_planned else None,
        back_on=pause.back_on if pause else None,
        is_unreachable=pause is not None and pause.back_on is None,
        term_ended_on=member.term_ends_on if member.has_term_ended(today) else None,
        is_key_unverified=member.key_state == KeyState.UNVERIFIED,
    )
