"""All that changes who serves. Each action is one transaction and stands in the audit, but for signing in and out."""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from smtplib import SMTPException
from typing import TypedDict, Unpack

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from peersupport.access.permissions import Role, can_hold, invitable_by
from peersupport.audit import actions as audit
from peersupport.sealing import envelope, keyring
from peersupport.sealing.envelope import CannotOpen

from . import letters, queries, sealed_pair
from .models import Invitation, Letter, Member, MemberKey, User
from .states import EndReason, Kind, Refused, State, check_move

logger = logging.getLogger(__name__)

LINK_IS_VALID = timedelta(days=7)
LINK_SIZE = 400
LETTER_IS_CLAIMED = timedelta(minutes=10)


class MemberFields(TypedDict, total=False):
    kind: Kind
    agency: str
    unit: str
    is_supervisor: bool


class ProfileFields(TypedDict, total=False):
    about: str
    unit: str
    cap: int


@dataclass(frozen=True)
class Enrolled:
    """Somebody who has come in; a member gets a recovery code, which is shown once and kept nowhere."""

    user: User
    recovery_code: str | None


class InvitationNotFound(Exception):
    """The link is mistyped, used, replaced or too old: which of them is not said."""


# Coming in


@transaction.atomic
def invite(*, email: str, name: str, roles: list[Role], by: User | None, **member_fields: Unpack[MemberFields]) -> str:
    """The link's secret. The link leaves by mail as soon as this is committed; an earlier one stops working."""
    email = email.strip().lower()
    if by is not None and not set(roles) <= invitable_by(by.roles):
        raise Refused("You cannot give somebody these roles.")
    user = User.objects.select_for_update().filter(email=email).first()
    _refuse_roles_that_do_not_go(user, roles)
    token = secrets.token_urlsafe(32)
    _end_invitation(email)
    invitation = Invitation.objects.create(
        email=email,
        name=name,
        roles=[role.value for role in roles],
        token_hash=hash_of(token),
        valid_until=timezone.now() + LINK_IS_VALID,
        invited_by=by,
        **member_fields,
    )
    write_letter(
        kind=letters.Kind.INVITATION, email=email, link=settings.SITE_URL + reverse("team:invitation", args=[token])
    )
    audit.record(action="person_invited", by=by.pk if by else None, about=f"invitation:{invitation.pk}")
    return token


@transaction.atomic
def take_back_invitation(*, invitation_id: int, by: User) -> None:
    """The link stops working. One that is gone already is no matter."""
    invitation = Invitation.objects.filter(pk=invitation_id).first()
    if invitation is not None:
        _end_invitation(invitation.email)
        audit.record(action="invitation_taken_back", by=by.pk, about=f"invitation:{invitation_id}")


@transaction.atomic
def accept_invitation(*, token: str, password: str) -> Enrolled:
    """Makes the account, and for a member the pair of keys. Raises InvitationNotFound for a link that does not work."""
    invitation = Invitation.objects.select_for_update().filter(token_hash=hash_of(token)).first()
    if invitation is None or invitation.valid_until <= timezone.now():
        raise InvitationNotFound
    user = User.objects.select_for_update().filter(email=invitation.email).first() or User(email=invitation.email)
    roles = [Role(code) for code in invitation.roles]
    _refuse_roles_that_do_not_go(user if user.pk else None, roles)
    user.name, user.is_active = invitation.name, True
    for role in roles:
        setattr(user, f"is_{role.value}", True)
    user.set_password(password)
    user.save()
    code = _enroll(user, invitation, password) if Role.MEMBER in roles else None
    audit.record(action="invitation_accepted", by=user.pk, about=f"user:{user.pk}")
    _end_invitation(invitation.email)
    return Enrolled(user, code)


def _end_invitation(email: str) -> None:
    """The link works no longer; if it has not left yet, it never does."""
    Invitation.objects.filter(email=email).delete()
    Letter.objects.filter(kind=letters.Kind.INVITATION, email=email).delete()


def hash_of(token: str) -> str:
    """What the database knows of a link: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _refuse_roles_that_do_not_go(user: User | None, roles: list[Role]) -> None:
    if user is not None and MemberKey.objects.filter(member__user=user, is_retired=False).exists():
        # A new password by link would lock them out of their own key.
        raise Refused("This address belongs to a member of the team already.")
    if user is not None and set(roles) <= user.roles:
        raise Refused("This person has these roles already.")
    if not roles or not can_hold({*roles, *(user.roles if user else ())}):
        raise Refused("Whoever runs the server cannot hold another role beside it.")


def _enroll(user: User, invitation: Invitation, password: str) -> str:
    member = Member.objects.select_for_update().filter(user=user).first() or Member(user=user)
    if member.pk:
        check_move(State(member.state), State.IN_TRAINING)
    member.state, member.ended_on, member.end_reason = State.IN_TRAINING, None, ""
    member.designated_on, member.designated_by, member.designation_order = None, "", ""
    member.leave_from = member.leave_until = None
    member.kind, member.agency = invitation.kind, invitation.agency
    member.unit, member.is_supervisor = invitation.unit, invitation.is_supervisor
    member.save()
    return _new_key(member, password)


# Passwords and keys


@transaction.atomic
def change_password(*, user_id: int, old: str, new: str) -> None:
    """The new password opens the member's key from the same moment. Raises CannotOpen if the old one does not."""
    user = User.objects.select_for_update().get(pk=user_id)
    if not user.check_password(old):
        raise CannotOpen
    key = _key_of(user)
    if key is not None:
        _lock_by_password(key, sealed_pair.open_by_password(key.pair, old), new)
    _set_password(user, new)
    audit.record(action="password_changed", by=user.pk, about=f"user:{user.pk}")


@transaction.atomic
def reset_password(*, user_id: int, password: str, recovery_code: str) -> str | None:
    """Set a forgotten password. The recovery code keeps the member's key; an empty one makes a new key.

    Answers the new recovery code where there is a new key. Raises CannotOpen for a wrong code.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    key = _key_of(user)
    new_code = None
    if key is not None and recovery_code:
        _lock_by_password(key, sealed_pair.open_by_code(key.pair, recovery_code), password)
    elif key is not None:
        new_code = _new_key(key.member, password)
    _set_password(user, password)
    audit.record(action="password_reset", by=user.pk, about=f"user:{user.pk}")
    return new_code


@transaction.atomic
def renew_recovery_code(*, member_id: int, password: str, by: User) -> str:
    """A new recovery code for the same key; the old one opens nothing any more. Raises CannotOpen."""
    key = _live_key(member_id)
    private_key = sealed_pair.open_by_password(key.pair, password)
    code = sealed_pair.new_code()
    lock = sealed_pair.lock_by_code(private_key, code)
    key.recovery_salt, key.sealed_by_recovery, key.recovery_checked = lock.salt, lock.sealed, False
    key.save(update_fields=["recovery_salt", "sealed_by_recovery", "recovery_checked"])
    audit.record(action="recovery_code_renewed", by=by.pk, about=f"member:{member_id}")
    return code


@transaction.atomic
def check_recovery_code(*, member_id: int, code: str, by: User) -> None:
    """The member has typed the code back, so it is on paper. Raises CannotOpen for a wrong one."""
    key = _live_key(member_id)
    sealed_pair.open_by_code(key.pair, code)
    key.recovery_checked = True
    key.save(update_fields=["recovery_checked"])
    audit.record(action="recovery_code_checked", by=by.pk, about=f"member:{member_id}")


@transaction.atomic
def confirm_key(*, key_id: int, by: User, on: date | None = None) -> None:
    """Somebody else has compared the four words with the member. Twice is harmless."""
    key = MemberKey.objects.select_for_update().select_related("member__user").get(pk=key_id)
    if key.is_retired:
        raise Refused("This key has been replaced by a newer one. Compare the words of that one.")
    if key.member.user_id == by.pk:
        raise Refused("Somebody else has to confirm your own key: another coordinator.")
    if key.confirmed_by_id is None:
        key.confirmed_by, key.confirmed_on = by, on or timezone.localdate()
        key.save(update_fields=["confirmed_by", "confirmed_on"])
        audit.record(action="key_confirmed", by=by.pk, about=f"member:{key.member_id}")


def _key_of(user: User) -> MemberKey | None:
    live = MemberKey.objects.filter(member__user=user, is_retired=False)
    return live.select_for_update(of=("self",)).select_related("member").first()


def _live_key(member_id: int) -> MemberKey:
    key = MemberKey.objects.select_for_update().filter(member_id=member_id, is_retired=False).first()
    if key is None:
        raise Refused("There is no key in use for this member.")
    return key


def _new_key(member: Member, password: str) -> str:
    _retire_key(member)
    pair, code = sealed_pair.new_pair(password)
    key = MemberKey.objects.create(
        member=member,
        public_key=pair.public_key,
        password_salt=pair.password_salt,
        sealed_by_password=pair.sealed_by_password,
        recovery_salt=pair.recovery_salt,
        sealed_by_recovery=pair.sealed_by_recovery,
    )
    audit.record(action="key_made", by=member.user_id, about=f"member:{key.member_id}")
    return code


def _retire_key(member: Member) -> None:
    MemberKey.objects.filter(member=member, is_retired=False).update(
        is_retired=True, sealed_by_password=b"", sealed_by_recovery=b"", password_salt=b"", recovery_salt=b""
    )


def _lock_by_password(key: MemberKey, private_key: bytes, password: str) -> None:
    lock = sealed_pair.lock_by_password(private_key, password)
    key.password_salt, key.sealed_by_password = lock.salt, lock.sealed
    key.save(update_fields=["password_salt", "sealed_by_password"])


def _set_password(user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])


# Serving


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
    _retire_key(member)
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


# Letters


def write_letter(*, kind: letters.Kind, email: str, link: str) -> None:
    """A mail with a personal link, to leave once the caller's transaction is committed."""
    sealed = envelope.seal(_letter_key(), link.encode(), size=LINK_SIZE, context=envelope.context(kind, email))
    Letter.objects.create(kind=kind, email=email, sealed_link=sealed)
    transaction.on_commit(_ring)


def send_letters() -> int:
    """Send what waits, each once; what mail refuses now is tried again after a while. Answers how many left."""
    return sum(_send_letter(letter_id) for letter_id in queries.letters_due(timezone.now()))


def _send_letter(letter_id: int) -> bool:
    now = timezone.now()
    claimed = queries.free_letters(now).filter(pk=letter_id).update(claimed_until=now + LETTER_IS_CLAIMED)
    if not claimed:
        return False
    letter = Letter.objects.get(pk=letter_id)
    context = envelope.context(letter.kind, letter.email)
    try:
        link = envelope.open_sealed(_letter_key(), bytes(letter.sealed_link), context=context).decode()
        letters.send(kind=letters.Kind(letter.kind), email=letter.email, link=link)
    except (CannotOpen, SMTPException, OSError, ValueError):
        logger.warning("a letter could not leave; it stays for a later round", exc_info=True)
        return False
    letter.delete()
    return True


def _letter_key() -> bytes:
    return keyring.lasting("letters")


def _ring() -> None:
    """Wakes the sender now. Where that fails, its next round finds the letter in the table."""
    from .tasks import send_letters as job  # only who rings loads the job machinery

    try:
        job.apply_async(retry=False)
    except Exception as error:  # the letter is safe in its table, whatever a broker does
        logger.warning("the doorbell is silent; the next round sends", extra={"cause": type(error).__name__})
