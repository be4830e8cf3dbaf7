"""Inviting somebody, and accepting an invitation by its link."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Unpack

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.access.permissions import Role, are_compatible, roles_invitable_by
from peersupport.audit import actions as audit
from peersupport.core import slow_hashes
from peersupport.core.errors import Refused

from ..documents.mails import Mail, MailKind, mail_with_link
from ..domain.attributes import MemberFields
from ..domain.invitations import link_days, link_is_valid
from ..domain.states import MembershipState
from ..models import AddressChange, EarlierService, Invitation, Member, MemberKey, QueuedMail, User
from . import mails as mails_actions
from .keys import make_key


@dataclass(frozen=True)
class AcceptedInvitation:
    """The account of somebody who accepted. recovery_code: a member's, shown once and stored nowhere; else None."""

    user: User
    recovery_code: str | None


class InvitationNotFound(Exception):
    """The link is mistyped, used, replaced or too old. Which of these, the page doesn't say."""


@transaction.atomic
def invite(*, email: str, name: str, roles: list[Role], by: User | None, **member_fields: Unpack[MemberFields]) -> str:
    """Mail a link to this person, once the transaction commits, and return the link's secret.

    Replaces an earlier invitation to this address. by: None for the first account of an installation. Raises Refused.
    """
    email = email.strip().lower()
    if by is not None and not set(roles) <= roles_invitable_by(by.roles):
        raise Refused(_("You can't give these roles."))
    user = User.objects.select_for_update(no_key=True).filter(email=email).first()
    _check_roles(user, roles)
    _check_may_take_back([email], by)
    token = secrets.token_urlsafe(32)
    delete_invitation(email)
    # Not create: of two presses at once on PostgreSQL, the second has to wait for the first and follow it.
    invitation, __ = Invitation.objects.update_or_create(
        email=email,
        defaults={
            "name": name,
            "roles": [role.value for role in roles],
            "token_hash": hash_token(token),
            "valid_until": timezone.now() + link_is_valid(roles),
            "invited_by": by,
            "undelivered_since": None,
            **member_fields,
        },
    )
    mails_actions.queue_mail(kind=MailKind.INVITATION, email=email, mail=invitation_mail(token, roles))
    audit.record(action="person_invited", by=by.pk if by else None, about=f"invitation:{invitation.pk}")
    return token


def invite_all(*, people: Sequence[tuple[str, str, MemberFields]], by: User) -> None:
    """Invite the members of an imported roster, in the caller's transaction. Raises Refused.

    people: address, name, member fields.
    """
    addresses = [email for email, *__ in people]
    _check_may_take_back(addresses, by)
    Invitation.objects.filter(email__in=addresses).delete()
    QueuedMail.objects.filter(kind=MailKind.INVITATION, email__in=addresses).delete()
    tokens = [secrets.token_urlsafe(32) for _ in people]
    Invitation.objects.bulk_create(
        Invitation(
            email=email, name=name, roles=[Role.MEMBER.value], token_hash=hash_token(token),
            valid_until=timezone.now() + link_is_valid([Role.MEMBER]), invited_by=by, **fields,
        )
        for token, (email, name, fields) in zip(tokens, people, strict=True)
    )  # fmt: skip
    mails = [invitation_mail(token, [Role.MEMBER]) for token in tokens]
    mails_actions.queue_mails(kind=MailKind.INVITATION, mails=list(zip(addresses, mails, strict=True)))


def invitation_mail(token: str, roles: Collection[Role]) -> Mail:
    return mail_with_link(kind=MailKind.INVITATION, link=link_to(token), days=link_days(roles))


def link_to(token: str) -> str:
    return str(settings.SITE_URL + reverse("team:invitation", args=[token]))


@transaction.atomic
def send_again(*, invitation_id: int, by: User) -> str:
    """Mail a new link to the same address, and return that; the one before no longer works. Raises Refused."""
    invitation = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    if invitation is None:
        raise Refused(_("This invitation was accepted or canceled a moment ago."))
    _check_may_take_back([invitation.email], by)
    mail_anew(invitation, invitation.email)
    audit.record(action="invitation_sent_again", by=by.pk, about=f"invitation:{invitation_id}")
    return invitation.email


def mail_anew(invitation: Invitation, email: str) -> None:
    """A new link, to this address, for as long as the first one worked. In the caller's transaction."""
    token, roles = secrets.token_urlsafe(32), [Role(code) for code in invitation.roles]
    QueuedMail.objects.filter(kind=MailKind.INVITATION, email=invitation.email).delete()
    invitation.email, invitation.token_hash, invitation.undelivered_since = email, hash_token(token), None
    invitation.valid_until = timezone.now() + link_is_valid(roles)
    invitation.save(update_fields=["email", "token_hash", "undelivered_since", "valid_until"])
    mails_actions.queue_mail(kind=MailKind.INVITATION, email=email, mail=invitation_mail(token, roles))


@transaction.atomic
def cancel_invitation(*, invitation_id: int, by: User | None) -> None:
    """The link stops working. Harmless if the invitation is gone already. Raises Refused."""
    invitation = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    if invitation is not None:
        _check_may_take_back([invitation.email], by)
        delete_invitation(invitation.email)
        audit.record(action="invitation_canceled", by=by.pk if by else None, about=f"invitation:{invitation_id}")


def delete_invitation(email: str) -> None:
    """The link stops working, and if it has not been mailed yet, it never is."""
    Invitation.objects.filter(email=email).delete()
    QueuedMail.objects.filter(kind=MailKind.INVITATION, email=email).delete()


def may_take_back(invitation: Invitation, by: User) -> bool:
    """Whoever couldn't give these roles can't take them from somebody who is to have them."""
    return {Role(code) for code in invitation.roles} <= roles_invitable_by(by.roles)


def _check_may_take_back(addresses: Sequence[str], by: User | None) -> None:
    """Of the invitations that are open to these addresses. Raises Refused."""
    for invitation in Invitation.objects.select_for_update().filter(email__in=addresses):
        if by is not None and not may_take_back(invitation, by):
            sentence = _("%(email)s is invited to a role that you can't give. Ask the operator.")
            raise Refused(sentence, email=invitation.email)


@slow_hashes.seat()
@transaction.atomic
def accept_invitation(*, token: str, password: str) -> AcceptedInvitation:
    """Make the account, and for a member the key pair. Raises InvitationNotFound for a link that does not work."""
    user, invitation = _locked_by_link(token)
    if invitation is None or invitation.valid_until <= timezone.now():
        raise InvitationNotFound
    user = user or User(email=invitation.email)
    roles = [Role(code) for code in invitation.roles]
    _check_roles(user if user.pk else None, roles)
    given = sorted(set(roles) - user.roles, key=lambda role: role.value)
    _activate(user, invitation.name, {*roles, *user.roles})
    has_password = bool(user.pk) and user.has_usable_password()
    user.set_password(password)
    user.save()
    if has_password:  # somebody who is here already, invited to another role
        mails_actions.tell_owner(user_id=user.pk, kind=MailKind.PASSWORD_RESET)
    AddressChange.objects.filter(user=user).delete()
    code = _enroll(user, invitation, password) if Role.MEMBER in roles else None
    audit.record(action="invitation_accepted", by=user.pk, about=f"invitation:{invitation.pk}")
    for role in given:
        audit.record(action=f"role_{role.value}_given", by=invitation.invited_by_id, about=f"user:{user.pk}")
    delete_invitation(invitation.email)
    return AcceptedInvitation(user, code)


def _locked_by_link(token: str) -> tuple[User | None, Invitation | None]:
    """The account that has the address already, if there is one, and the invitation; the account locked first."""
    found = Invitation.objects.filter(token_hash=hash_token(token))
    email = found.values_list("email", flat=True).first()
    user = User.objects.select_for_update(no_key=True).filter(email=email).first()
    return user, found.select_for_update().filter(email=email).first()


def hash_token(token: str) -> str:
    """What the database stores of a link's secret: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _check_roles(user: User | None, roles: list[Role]) -> None:
    """Raises Refused if somebody cannot be given these roles. user: who has the address now, if anybody."""
    if user is not None and MemberKey.objects.filter(member__user=user, is_retired=False).exists():
        # A new password by link would lock them out of their own key.
        raise Refused(_("This address already belongs to a member of the team."))
    if user is not None and set(roles) <= user.roles and not _is_on_roster(user):
        raise Refused(_("This person already has these roles."))
    if not roles or not are_compatible({*roles, *(user.roles if user else ())}):
        raise Refused(_("The operator, who runs the server, can't have another role."))


def _is_on_roster(user: User) -> bool:
    """A member without a key was imported with a roster: the invitation is what gives them one."""
    return Member.objects.filter(user=user).exclude(state=MembershipState.ENDED).exists()


def _activate(user: User, name: str, roles: set[Role]) -> None:
    """Roles that somebody had before they left don't come back by themselves."""
    user.name, user.is_active = name, True
    for role in Role:
        setattr(user, f"is_{role.value}", role in roles)


def _archive_service(member: Member) -> None:
    """What was proved of an earlier time on the team stays on record, and counts no longer."""
    assert member.ended_on is not None  # noqa: S101  # a constraint guarantees it for former members
    EarlierService.objects.create(
        member=member, designated_on=member.designated_on, designated_by=member.designated_by,
        designation_order=member.designation_order, ended_on=member.ended_on, end_reason=member.end_reason,
    )  # fmt: skip
    member.agreements.update(is_past=True)
    member.renewals.update(is_past=True)


def _enroll(user: User, invitation: Invitation, password: str) -> str:
    """Make the member, or take a former one back in training. Returns the recovery code of the new key."""
    member = Member.objects.select_for_update(no_key=True).filter(user=user).first() or Member(user=user)
    if member.pk and member.state != MembershipState.ENDED:
        return make_key(member, password)
    if member.pk:
        _archive_service(member)
    member.state, member.ended_on, member.end_reason = MembershipState.IN_TRAINING, None, ""
    member.designated_on, member.designated_by, member.designation_order = None, "", ""
    member.term_ends_on = member.notified_about_wording = None
    member.leave_from = member.leave_until = None
    member.kind, member.agency = invitation.kind, invitation.agency
    member.unit, member.is_supervisor = invitation.unit, invitation.is_supervisor
    member.save()
    return make_key(member, password)
