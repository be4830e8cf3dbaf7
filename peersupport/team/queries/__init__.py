"""Who serves, and when. Read by matching, statistics and the pages; nothing here writes.

Whether somebody can serve is one question with one answer, and it is here: `serving` for the whole team, `reasons_of`
for some of it. The rule is `domain.serving.reasons_not_to_serve`.
"""

from collections.abc import Collection, Mapping
from datetime import date
from functools import partial

from django.contrib.auth.hashers import is_password_usable

from peersupport.audit.remembered import OfToday

from ..domain import terms
from ..domain.serving import NotServing, ServiceFacts, reasons_not_to_serve
from ..domain.states import KeyState, MembershipState
from ..models import MemberKey
from . import member_keys, members, pauses

Serving = Mapping[int, tuple[NotServing, ...]]  # by member id

ACCOUNT = ("user__is_active", "user__is_member", "user__password")
SERVICE = ("state", "term_ends_on", "leave_from", "leave_until")


def serving(on: date) -> Serving:
    """Each member who has not ended, by name, with why they can't serve on this day; empty for those who can.

    on: today or a later day; what is known today is taken to stay. Nearly every page asks it of today, so that is
    remembered.
    """
    return _whole_team.on(on)


def reasons_of(some: Collection[int], on: date) -> Serving:
    """The same of the members with these ids alone, as the database says it at this moment: for a rule under a lock."""
    return _read(some, on)


def _read(some: Collection[int] | None, on: date) -> Serving:
    """Three queries, and no models: a team may be large."""
    current, keys = members.current_members(), MemberKey.objects.filter(is_retired=False)
    if some is not None:
        current, keys = current.filter(pk__in=some), keys.filter(member__in=some)
    states, paused = member_keys.states_of(keys), set(pauses.pauses_on(on).values_list("member_id", "back_on"))
    unreachable = {member_id for member_id, back_on in paused if back_on is None}
    pausing = {member_id for member_id, back_on in paused if back_on is not None}
    return {
        pk: reasons_not_to_serve(
            ServiceFacts(
                states.get(pk, KeyState.NONE),
                is_designated=state == MembershipState.DESIGNATED,
                has_account=is_active and is_member,
                has_password=is_password_usable(password),
                has_term_ended=terms.has_ended(term_ends_on, on),
                is_on_leave=terms.is_on_leave(leave_from, leave_until, on),
                is_unreachable=pk in unreachable,
                is_pausing=pk in pausing,
            )
        )
        for pk, is_active, is_member, password, state, term_ends_on, leave_from, leave_until in current.values_list(
            "pk", *ACCOUNT, *SERVICE
        )
    }


_whole_team = OfToday(partial(_read, None))
