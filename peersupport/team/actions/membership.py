"""Designation, leave, the end of a membership, and what is recorded of a member."""

from datetime import date
from typing import Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions import phone_alerts
from peersupport.program.queries import settings_now

from ..domain import on_call, terms
from ..domain.attributes import MemberFields, ProfileFields
from ..domain.states import MEMBERSHIP, EndReason, MembershipState
from ..models import Agreement, User
from ..queries.members import locked_member, locked_with_account
from . import sessions
from .availability import end_on_call
from .invitations import delete_invitation
from .keys import retire_key


@transaction.atomic
def record_facts(*, member_id: int, by: User, **facts: Unpack[MemberFields]) -> None:
    """What the coordinator records of a member: kind, unit, agency, whether they supervise others."""
    _update(member_id, "facts_recorded", by, dict(facts))


@transaction.atomic
def update_profile(*, member_id: int, by: User, **profile: Unpack[ProfileFields]) -> None:
    """What members say of themselves, and how many contacts they carry."""
    _update(member_id, "profile_updated", by, dict(profile))


@transaction.atomic
def record_designation(*, member_id: int, on: date, head: str, order: str, by: User) -> None:
    """Record the written designation by the agency's head (Texas Health and Safety Code, ch. 784). Raises Refused.

    It doesn't look at training: training.actions.designation.designate does, and is what the pages call.
    """
    member = locked_member(member_id)
    MEMBERSHIP.check(MembershipState(member.state), MembershipState.DESIGNATED)
    if not Agreement.objects.filter(member=member, is_past=False).exists():
        raise Refused(_("They have to sign the confidentiality agreement first. It's on their own page."))
    member.state, member.designated_on = MembershipState.DESIGNATED, on
    member.designated_by, member.designation_order = head, order
    member.term_ends_on = terms.term_end(on, settings_now().term_years)
    member.save()
    audit.record(action="member_designated", by=by.pk, about=f"member:{member_id}")


@transaction.atomic
def take_leave(*, member_id: int, first: date, last: date | None, by: User) -> None:
    """Record a leave: until its last day, or until they return, the member is offered nothing. Raises Refused.

    Their hours on call end with the first day; after the leave they add them again themselves.
    """
    member = locked_member(member_id)
    if member.state == MembershipState.ENDED:
        raise Refused(_("This person is no longer a member."))
    if last is not None and last < first:
        raise Refused(_("The last day of leave is before the first day."))
    member.leave_from, member.leave_until = first, last
    member.save()
    zone = timezone.get_default_timezone()
    back = on_call.midnight(last + on_call.DAY, zone) if last else None
    end_on_call(member, max(on_call.midnight(first, zone), timezone.now()), back)
    audit.record(action="leave_taken", by=by.pk, about=f"member:{member_id}")


@transaction.atomic
def return_from_leave(*, member_id: int, by: User) -> None:
    """End a leave, or cancel one that is planned. Twice is harmless."""
    member = locked_member(member_id)
    if member.leave_from is not None:
        member.leave_from = member.leave_until = None
        member.save()
        audit.record(action="returned_from_leave", by=by.pk, about=f"member:{member_id}")


@transaction.atomic
def end_membership(*, member_id: int, reason: EndReason, on: date, by: User) -> None:
    """End the membership, by de-selection or by the member's own wish. Raises Refused.

    Retires the key, and deactivates the account unless it has another role.
    """
    member = locked_with_account(member_id)
    MEMBERSHIP.check(MembershipState(member.state), MembershipState.ENDED)
    member.state, member.end_reason, member.ended_on = MembershipState.ENDED, reason, on
    member.save()
    end_on_call(member, timezone.now())
    retire_key(member)
    user = member.user
    delete_invitation(user.email)  # a member from a roster import may not have accepted it yet
    user.is_member = False
    user.is_active = bool(user.roles)
    user.save(update_fields=["is_member", "is_active"])
    if not user.is_active:
        sessions.end_all(user_id=user.pk)
        phone_alerts.remove(user_id=user.pk, by=by.pk)
    audit.record(action="membership_ended", by=by.pk, about=f"member:{member_id}")


def _update(member_id: int, action: str, by: User, fields: dict[str, object]) -> None:
    member = locked_member(member_id)
    for name, value in fields.items():
        setattr(member, name, value)
    member.save(update_fields=list(fields))
    audit.record(action=action, by=by.pk, about=f"member:{member_id}")
