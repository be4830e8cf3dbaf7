"""Passwords and the member keys that they open. Both change in one transaction, or not at all."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.audit import actions as audit
from peersupport.core import slow_hashes
from peersupport.core.errors import Refused
from peersupport.sealing.envelope import CannotOpen

from .. import key_confirmation, key_pair
from ..documents.mails import MailKind
from ..domain import passwords
from ..models import AddressChange, Member, MemberKey, User
from . import mails, sessions, tries


@slow_hashes.seat()
@transaction.atomic
def change_password(*, user_id: int, old: str, new: str) -> None:
    """Change the password, and seal the member's key under the new one. Raises CannotOpen for a wrong old password."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if not user.check_password(old):
        raise CannotOpen
    key = _key_of(user)
    if key is not None:
        _seal_by_password(key, key_pair.open_by_password(key.pair, old), new)
    _set_password(user, new)
    _stop_address_change(user)
    audit.record(action="password_changed", by=user.pk, about=f"user:{user.pk}")


def normalize_password(*, user_id: int, password: str) -> None:
    """Make hash and key anew if they were made before passwords were normalized. Not audited: it tells of a sign-in.

    password: as typed at a sign-in; a wrong one changes nothing.
    """
    if len(passwords.spellings(password)) > 1:
        _normalize(user_id, password)


@slow_hashes.seat()
@transaction.atomic
def _normalize(user_id: int, password: str) -> None:
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if user.is_password_normalized(password) or not user.check_password(password):
        return
    key = _key_of(user)
    if key is not None:
        _seal_by_password(key, key_pair.open_by_password(key.pair, password), password)
    _set_password(user, password)


@slow_hashes.seat()
@transaction.atomic
def reset_password(*, user_id: int, password: str, recovery_code: str) -> str | None:
    """Set a forgotten password. The recovery code keeps the member's key; an empty one makes a new key.

    Returns the recovery code of a new key, otherwise None. Raises CannotOpen for a wrong code.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    key = _key_of(user)
    new_code = None
    if key is not None and recovery_code:
        _seal_by_password(key, key_pair.open_by_recovery_code(key.pair, recovery_code), password)
    elif key is not None:
        new_code = make_key(key.member, password)
    _set_password(user, password)
    _stop_address_change(user)
    audit.record(action="password_reset", by=user.pk, about=f"user:{user.pk}")
    mails.tell_owner(user_id=user.pk, kind=MailKind.PASSWORD_RESET)
    return new_code


@slow_hashes.seat()
@transaction.atomic
def renew_recovery_code(*, member_id: int, password: str, by: User) -> str:
    """Make a new recovery code for the same key; the old one stops working. Raises CannotOpen for a wrong password."""
    key = _current_key(member_id)
    private_key = key_pair.open_by_password(key.pair, password)
    code = key_pair.new_recovery_code()
    copy = key_pair.seal_by_recovery_code(private_key, code)
    key.recovery_salt, key.sealed_by_recovery, key.recovery_checked = copy.salt, copy.sealed, False
    key.save(update_fields=["recovery_salt", "sealed_by_recovery", "recovery_checked"])
    audit.record(action="recovery_code_renewed", by=by.pk, about=f"member:{member_id}")
    return code


@slow_hashes.seat()
@transaction.atomic
def check_recovery_code(*, member_id: int, code: str, by: User) -> None:
    """The member has typed the code back, which shows that it is on paper. Raises CannotOpen for a wrong one."""
    key = _current_key(member_id)
    key_pair.open_by_recovery_code(key.pair, code)
    key.recovery_checked = True
    key.save(update_fields=["recovery_checked"])
    audit.record(action="recovery_code_checked", by=by.pk, about=f"member:{member_id}")


@transaction.atomic
def confirm_key(*, key_id: int, fingerprint: str, by: User, on: date | None = None) -> None:
    """Confirm whose key it is, after comparing its four words with the member. Raises Refused.

    Twice is harmless: a confirmation that verifies stays as it is, and one that doesn't is made anew.
    """
    key = MemberKey.objects.select_for_update(of=("self",)).select_related("member__user").get(pk=key_id)
    if key.is_retired:
        raise Refused(_("This key has been replaced by a newer one. Compare the words of the new one."))
    if key.member.user_id == by.pk:
        raise Refused(_("You can't confirm your own key. Ask another coordinator to do it."))
    if fingerprint != key.fingerprint:  # the stored key was changed after the page had shown it
        raise Refused(_("The four words have changed since this page was shown. Compare them again."))
    if not key.is_verified:
        key.confirmed_by, key.confirmed_on = by, on or timezone.localdate()
        key.confirmation = key_confirmation.confirmation_of(key.as_confirmed)
        key.save(update_fields=["confirmed_by", "confirmed_on", "confirmation"])
        audit.record(action="key_confirmed", by=by.pk, about=f"member:{key.member_id}")


@transaction.atomic
def sign_again() -> tuple[int, int]:
    """Sign the confirmed keys under the current host secret; returns how many, and how many were left.

    Left is what doesn't verify under any known secret: nobody knows whose key that is until the words are compared.
    """
    confirmed = MemberKey.objects.filter(is_retired=False, confirmed_on__isnull=False)
    keys = confirmed.select_for_update(of=("self",)).select_related("member")
    verified = [key for key in keys if key.is_verified]
    for key in verified:
        key.confirmation = key_confirmation.confirmation_of(key.as_confirmed)
    MemberKey.objects.bulk_update(verified, ["confirmation"])
    audit.record(action="keys_signed_again", by=None)
    return len(verified), len(keys) - len(verified)


def _key_of(user: User) -> MemberKey | None:
    current = MemberKey.objects.filter(member__user=user, is_retired=False)
    return current.select_for_update(of=("self",)).select_related("member").first()


def _current_key(member_id: int) -> MemberKey:
    key = MemberKey.objects.select_for_update().filter(member_id=member_id, is_retired=False).first()
    if key is None:
        raise Refused(_("This member has no key right now."))
    return key


def make_key(member: Member, password: str) -> str:
    """Replace the member's key, and return the recovery code of the new one."""
    retire_key(member)
    pair, code = key_pair.new_key_pair(password)
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


def retire_key(member: Member) -> None:
    MemberKey.objects.filter(member=member, is_retired=False).update(
        is_retired=True,
        sealed_by_password=b"",
        sealed_by_recovery=b"",
        password_salt=b"",
        recovery_salt=b"",
        confirmation=b"",
    )


def _seal_by_password(key: MemberKey, private_key: bytes, password: str) -> None:
    copy = key_pair.seal_by_password(private_key, password)
    key.password_salt, key.sealed_by_password = copy.salt, copy.sealed
    key.save(update_fields=["password_salt", "sealed_by_password"])


def _set_password(user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_all(user_id=user.pk)
    tries.forget_mail(kind=MailKind.NEW_PASSWORD, email=user.email)  # the link in it no longer works


def _stop_address_change(user: User) -> None:
    """Whoever asked for it knew the old password: the owner's answer to it is to choose a new one."""
    AddressChange.objects.filter(user=user).delete()
