"""Who serves, and when. Read by matching, statistics and the pages; nothing here writes.

Whether somebody can serve is one question with one answer, and it is here: `serving` for the whole team, `reasons_of`
for some of it. The rule is `domain.serving.reasons_not_to_serve`.
"""

from collections.abc import Iterable
from datetime import date

from ..domain.serving import NotServing, ServiceFacts, reasons_not_to_serve
from ..domain.states import MembershipState
from ..models import Member
from . import members, pauses

Serving = dict[Member, tuple[NotServing, ...]]


def serving(on: date) -> Serving:
    """Each member who has not ended, by name, with why they can't serve on this day; empty for those who can.

    on: today or a later day; what is known today is taken to stay. User and current key come with each member, in
    three queries.
    """
    return reasons_of(members.current_members_with_keys(), on)


def reasons_of(some: Iterable[Member], on: date) -> Serving:
    """The same of these members alone. One more query where their user and key are fetched."""
    paused = set(pauses.pauses_on(on).values_list("member_id", "back_on"))
    unreachable = {member_id for member_id, back_on in paused if back_on is None}
    pausing = {member_id for member_id, back_on in paused if back_on is not None}
    return {
        member: reasons_not_to_serve(
            ServiceFacts(
                member.key_state,
                is_designated=member.state == MembershipState.DESIGNATED,
                has_account=member.user.is_active and member.user.is_member,
                has_password=member.user.has_usable_password(),
                has_term_ended=member.has_term_ended(on),
                is_on_leave=member.is_on_leave(on),
                is_unreachable=member.pk in unreachable,
                is_pausing=member.pk in pausing,
            )
        )
        for member in some
        if member.state != MembershipState.ENDED
    }
