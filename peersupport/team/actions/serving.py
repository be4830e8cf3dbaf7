"""Where a member stands, and what they say of themselves."""

from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from peersupport.audit import actions as audit

from ..models import Member, User
from ..states import EndReason, Kind, Refused, State, check_move
from .secrecy import retire_key


class MemberFields(TypedDict, total=False):
    kind: Kind
    agency: str
    unit: str
    is_supervisor: bool


class ProfileFields(TypedDict, total=False):
    about: str
    unit: str
    cap: int


@transaction.atomic
def record_facts(*, member_id: int, by: User, **facts: Unpack[MemberFields]) -> None:
    """What the team's coordinator knows of a member: kind, unit, agency, whether they supervise others."""
    _update(member_id, "facts_recorded", by, dict(facts))


@transaction.atomic
def update_profile(*, member_id: int, by: User, **profile: Unpack[ProfileFields]) -> None:
    """What members say of themselves, and how much they carry."""
    _update(member_id, "profile_updated", by, dict(profile))


@transaction.atomic
def designate(*, member_id: int, on: date, head: str, order: str, by: User) -> None:
    """The head of the agency has designated this member, in writing (Texas Health and Safety Code, ch. 784)."""
    member = _locked(member_id)
    check_move(State(member.state), State.DESIGNATED)
    member.state, member.designated_on = State.DESIGNATED, on
    member.designated_by, member.designation_order = head, order
    member.save()
    audit.record(action="member_designated", by=by.pk, about=f"member:{member_id}")


@transaction.atomic
def take_leave(*, member_id: int, first: date, last: date | None, by: User) -> None:
    """From the first to the last day the member is offered nothing; without a last day, until they return."""
    member = _locked(member_id)
    if member.state == State.ENDED:
        raise Refused("This person is no longer a member.")
    if last is not None and last < first:
        raise Refused("The last day of leave is before the first one.")
    member.leave_from, member.leave_until, member.on_call = first, last, False
    member.save()
    audit.record(action="leave_taken", by=by.pk, about=f"member:{member_id}")


@transaction.atomic
def return_from_leave(*, member_id: int, by: User) -> None:
    """The leave is over, or does not happen. Twice is harmless."""
    member = _locked(member_id)
    if member.leave_from is not None:
        member.leave_from = member.leave_until = None
        member.save()
        audit.record(action="returned_from_leave", by=by.pk, about=f"member:{member_id}")


@transaction.atomic
def de_select(*, member_id: int, reason: EndReason, on: date, by: User) -> None:
    """The member serves no longer: the key is retired, and the account too unless they have another role."""
    member = _locked(member_id)
    check_move(State(member.state), State.ENDED)
    member.state, member.end_reason, member.ended_on, member.on_call = State.ENDED, reason, on, False
    member.save()
    retire_key(member)
    user = member.user
    user.is_member = False
    user.is_active = bool(user.roles)
    user.save(update_fields=["is_member", "is_active"])
    audit.record(action="member_de_selected", by=by.pk, about=f"member:{member_id}")


@transaction.atomic
def set_on_call(*, member_id: int, on_call: bool, by: User) -> None:
    """Whether the member is rung for what cannot wait. Twice is harmless."""
    member = _locked(member_id)
    if on_call and member.state != State.DESIGNATED:
        raise Refused("Only a designated member can be on call.")
    if on_call and member.is_on_leave(timezone.localdate()):
        raise Refused("A member on leave cannot be on call. End the leave first.")
    if member.on_call != on_call:
        member.on_call = on_call
        member.save(update_fields=["on_call"])
        audit.record(action="on_call_started" if on_call else "on_call_ended", by=by.pk, about=f"member:{member_id}")


def _update(member_id: int, action: str, by: User, fields: dict[str, object]) -> None:
    member = _locked(member_id)
    for name, value in fields.items():
        setattr(member, name, value)
    member.save(update_fields=list(fields))
    audit.record(action=action, by=by.pk, about=f"member:{member_id}")


def _locked(member_id: int) -> Member:
    return Member.objects.select_for_update(of=("self",)).select_related("user").get(pk=member_id)
