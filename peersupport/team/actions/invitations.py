"""Inviting somebody, and coming in by the link."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Unpack

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from peersupport.access.permissions import Role, can_hold, invitable_by
from peersupport.audit import actions as audit
from peersupport.core.errors import Refused

from .. import letters
from ..domain.states import State
from ..models import EarlierService, Invitation, Letter, Member, MemberKey, User
from .keys import make_key
from .letters import end_invitation, post_all, write_letter
from .membership import MemberFields

LINK_IS_VALID = timedelta(days=7)


@dataclass(frozen=True)
class Enrolled:
    """Somebody who has come in; a member gets a recovery code, which is shown once and kept nowhere."""

    user: User
    recovery_code: str | None


class InvitationNotFound(Exception):
    """The link is mistyped, used, replaced or too old: which of them is not said."""


@transaction.atomic
def invite(*, email: str, name: str, roles: list[Role], by: User | None, **member_fields: Unpack[MemberFields]) -> str:
    """The link's secret. The link leaves by mail as soon as this is committed; an earlier one stops working."""
    email = email.strip().lower()
    if by is not None and not set(roles) <= invitable_by(by.roles):
        raise Refused("You cannot give somebody these roles.")
    user = User.objects.select_for_update().filter(email=email).first()
    _refuse_roles_that_do_not_go(user, roles)
    token = secrets.token_urlsafe(32)
    end_invitation(email)
    # Not create: of two presses at once on PostgreSQL, the second has to wait for the first and follow it.
    invitation, _ = Invitation.objects.update_or_create(
        email=email,
        defaults={
            "name": name,
            "roles": [role.value for role in roles],
            "token_hash": hash_of(token),
            "valid_until": timezone.now() + LINK_IS_VALID,
            "invited_by": by,
            **member_fields,
        },
    )
    write_letter(kind=letters.Kind.INVITATION, email=email, link=_link(token))
    audit.record(action="person_invited", by=by.pk if by else None, about=f"invitation:{invitation.pk}")
    return token


def invite_all(*, people: Sequence[tuple[str, str, MemberFields]], by: User) -> None:
    """In the caller's transaction: members who came on the roster together, by address, name and what is known."""
    addresses = [email for email, *_ in people]
    Invitation.objects.filter(email__in=addresses).delete()
    Letter.objects.filter(kind=letters.Kind.INVITATION, email__in=addresses).delete()
    tokens = [secrets.token_urlsafe(32) for _ in people]
    Invitation.objects.bulk_create(
        Invitation(
            email=email, name=name, roles=[Role.MEMBER.value], token_hash=hash_of(token),
            valid_until=timezone.now() + LINK_IS_VALID, invited_by=by, **facts,
        )
        for token, (email, name, facts) in zip(tokens, people, strict=True)
    )  # fmt: skip
    mails = [letters.with_link(kind=letters.Kind.INVITATION, link=_link(token)) for token in tokens]
    post_all(kind=letters.Kind.INVITATION, mails=list(zip(addresses, mails, strict=True)))


def _link(token: str) -> str:
    return str(settings.SITE_URL + reverse("team:invitation", args=[token]))


@transaction.atomic
def take_back_invitation(*, invitation_id: int, by: User | None) -> None:
    """The link stops working. One that is gone already is no matter."""
    invitation = Invitation.objects.filter(pk=invitation_id).first()
    if invitation is not None:
        end_invitation(invitation.email)
        audit.record(action="invitation_taken_back", by=by.pk if by else None, about=f"invitation:{invitation_id}")


@transaction.atomic
def accept_invitation(*, token: str, password: str) -> Enrolled:
    """Makes the account, and for a member the pair of keys. Raises InvitationNotFound for a link that does not work."""
    invitation = Invitation.objects.select_for_update().filter(token_hash=hash_of(token)).first()
    if invitation is None or invitation.valid_until <= timezone.now():
        raise InvitationNotFound
    user = User.objects.select_for_update().filter(email=invitation.email).first() or User(email=invitation.email)
    roles = [Role(code) for code in invitation.roles]
    _refuse_roles_that_do_not_go(user if user.pk else None, roles)
    _let_in(user, invitation.name, {*roles, *user.roles})
    user.set_password(password)
    user.save()
    code = _enroll(user, invitation, password) if Role.MEMBER in roles else None
    audit.record(action="invitation_accepted", by=user.pk, about=f"user:{user.pk}")
    end_invitation(invitation.email)
    return Enrolled(user, code)


def hash_of(token: str) -> str:
    """What the database knows of a link: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _refuse_roles_that_do_not_go(user: User | None, roles: list[Role]) -> None:
    if user is not None and MemberKey.objects.filter(member__user=user, is_retired=False).exists():
        # A new password by link would lock them out of their own key.
        raise Refused("This address belongs to a member of the team already.")
    if user is not None and set(roles) <= user.roles and not _came_by_roster(user):
        raise Refused("This person has these roles already.")
    if not roles or not can_hold({*roles, *(user.roles if user else ())}):
        raise Refused("Whoever runs the server cannot hold another role beside it.")


def _came_by_roster(user: User) -> bool:
    """Whether they are on the roster and have no key yet: the invitation is what gives them one."""
    return Member.objects.filter(user=user).exclude(state=State.ENDED).exists()


def _let_in(user: User, name: str, roles: set[Role]) -> None:
    """Of what somebody was before they left, nothing comes back by itself."""
    user.name, user.is_active = name, True
    for role in Role:
        setattr(user, f"is_{role.value}", role in roles)


def _put_past(member: Member) -> None:
    """What was proved of an earlier time stays on record; nothing of it counts for the time to come."""
    assert member.ended_on is not None  # noqa: S101  # the database sees to it for who has left
    EarlierService.objects.create(
        member=member, designated_on=member.designated_on, designated_by=member.designated_by,
        designation_order=member.designation_order, ended_on=member.ended_on, end_reason=member.end_reason,
    )  # fmt: skip
    member.agreements.update(is_past=True)
    member.renewals.update(is_past=True)


def _enroll(user: User, invitation: Invitation, password: str) -> str:
    member = Member.objects.select_for_update().filter(user=user).first() or Member(user=user)
    if member.pk and member.state != State.ENDED:
        return make_key(member, password)
    if member.pk:
        _put_past(member)
    member.state, member.ended_on, member.end_reason = State.IN_TRAINING, None, ""
    member.designated_on, member.designated_by, member.designation_order = None, "", ""
    member.term_ends_on = member.asked_to_sign = None
    member.leave_from = member.leave_until = None
    member.kind, member.agency = invitation.kind, invitation.agency
    member.unit, member.is_supervisor = invitation.unit, invitation.is_supervisor
    member.save()
    return make_key(member, password)
