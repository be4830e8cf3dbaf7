"""Adding, replacing and removing second factors, and using up their codes.

Written beside the library's own flows, which note when a factor was used, keep used codes in a cache and an app's
secret in the session.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.sealing import actions as sealing
from peersupport.sealing import envelope

from .. import app_codes, factor_seals, second_factor
from ..documents.mails import MailKind
from ..domain.second_factor import MOST_PASSKEYS, codes_left, may_remove
from ..models import UsedCode, User
from . import mails

logger = logging.getLogger(__name__)
Type = Authenticator.Type
HALF_HOUR = timedelta(minutes=30)
WRONG_CODES_TOLD = 10  # more than a tired person types; far fewer than guessing takes
SEALED_IN = {Type.TOTP: "secret", Type.RECOVERY_CODES: "seed"}


class WrongCode(Refused):
    """No code of this account, or one that was used."""


@dataclass(frozen=True)
class Used:
    """backup_codes_left: None if it was an app's code."""

    backup_codes_left: int | None


@transaction.atomic
def add_app(*, by: User, secret: str, code: str, now: datetime, has_passed: bool) -> list[str]:
    """Add an app, in the place of an earlier one. Returns backup codes if there are none yet.

    has_passed: whether the session has passed the second step. Raises WrongCode and Refused.
    """
    user = _locked(by, has_passed=has_passed)
    if not app_codes.fits(secret, code, now):
        raise WrongCode(_("This code doesn't fit. Type the one that your app shows now; it changes every 30 seconds."))
    _use_app_code(user, code, now)
    replaced, _each = Authenticator.objects.filter(user=user, type=Type.TOTP).delete()
    TOTP.activate(user, secret)
    audit.record(action="second_factor_replaced" if replaced else "second_factor_added", by=by.pk, about=_about(user))
    mails.tell_owner(user_id=user.pk, kind=MailKind.FACTOR_ADDED)
    return _first_backup_codes(user)


@transaction.atomic
def add_passkey(*, by: User, key: dict[str, Any], name: str, has_passed: bool) -> list[str]:
    """Add a passkey or security key. key: as `passkeys.check_new` gives it. As add_app; raises Refused."""
    user = _locked(by, has_passed=has_passed)
    passkeys = list(Authenticator.objects.filter(user=user, type=Type.WEBAUTHN))
    if any(each.data["credential"]["id"] == key["id"] for each in passkeys):
        raise Refused(_("This passkey is on your list already."))
    if len(passkeys) >= MOST_PASSKEYS:
        raise Refused(_("You have ten passkeys already. Remove one that you no longer use first."))
    Authenticator.objects.create(user=user, type=Type.WEBAUTHN, data={"name": name, "credential": key})
    audit.record(action="second_factor_added", by=by.pk, about=_about(user))
    mails.tell_owner(user_id=user.pk, kind=MailKind.FACTOR_ADDED)
    return _first_backup_codes(user)


@transaction.atomic
def rename_passkey(*, by: User, factor_id: int, name: str) -> None:
    """Raises Authenticator.DoesNotExist if it was removed a moment ago."""
    factor = Authenticator.objects.select_for_update().get(pk=factor_id, user=by, type=Type.WEBAUTHN)
    factor.data["name"] = name
    factor.save(update_fields=["data"])


@transaction.atomic
def remove(*, by: User, factor_id: int) -> None:
    """Remove an app or a passkey; with the last one the backup codes go too. Raises Refused where one is required.

    One that is gone already is no matter.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    factors = Authenticator.objects.filter(user=by, type__in=second_factor.FACTORS)
    if not factors.filter(pk=factor_id).exists():
        return
    if not may_remove(is_required=settings.SECOND_FACTOR_IS_REQUIRED, factors=factors.count()):
        raise Refused(_("You need at least one. Add another first, then remove this one."))
    factors.filter(pk=factor_id).delete()
    if not factors.exists():
        Authenticator.objects.filter(user=by).delete()
    audit.record(action="second_factor_removed", by=by.pk, about=_about(by))
    mails.tell_owner(user_id=by.pk, kind=MailKind.FACTOR_REMOVED)


@transaction.atomic
def new_backup_codes(*, by: User, replaced_id: int) -> list[str]:
    """Make new backup codes; those before them no longer work.

    replaced_id: the codes that there were when the page was shown, 0 for none. The page sent twice makes codes once.
    Raises Refused for codes that were replaced since, and without a factor that they are for.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if not second_factor.enrolled(user):
        raise Refused(_("Backup codes are for when your app or passkey isn't at hand. Add one of these first."))
    codes = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES)
    if list(codes.values_list("pk", flat=True)) != [replaced_id] * bool(replaced_id):
        raise Refused(
            _(
                "New codes were made a moment ago, and were shown then. If you have them on paper, leave this page. If "
                "you don't, press again to make others."
            )
        )
    codes.delete()
    audit.record(action="backup_codes_made", by=by.pk, about=_about(user))
    mails.tell_owner(user_id=user.pk, kind=MailKind.NEW_BACKUP_CODES)
    return _first_backup_codes(user)


@transaction.atomic
def keep_backup_codes(*, by: User) -> None:
    """They said that the codes are on paper."""
    codes = Authenticator.objects.select_for_update().filter(user=by, type=Type.RECOVERY_CODES).first()
    if codes:
        _keep(codes)


@transaction.atomic
def use_code(*, user: User, typed: str, now: datetime) -> Used:
    """Use up a code of this person's app, or a backup code. Of two who use one at the same time, one is refused.

    Raises WrongCode.
    """
    factors = {each.type: each for each in Authenticator.objects.select_for_update().filter(user=user).order_by("pk")}
    app, codes = factors.get(Type.TOTP), factors.get(Type.RECOVERY_CODES)
    try:
        if app and app_codes.fits(factor_seals.open_stored(app.data["secret"]), typed, now):
            _use_app_code(user, typed, now)
            return Used(None)
        if codes and codes.wrap().validate_code(typed):
            codes.refresh_from_db(fields=["data"])
            _keep(codes)  # whoever types one has them
            return Used(codes_left(codes.data["used_mask"], of=app_settings.RECOVERY_CODE_COUNT))
    except envelope.CannotOpen:
        logger.warning("a second factor can't be opened: is lasting/second-factor the one it was sealed under?")
    if app is None:
        raise WrongCode(_("This code doesn't fit. Type a backup code that you haven't used; each works once."))
    raise WrongCode(
        _(
            "This code doesn't fit. Type the one that your app shows now, or a backup code that you haven't used. If "
            "your app's codes never fit, check that your phone sets its clock by itself."
        )
    )


def use_challenge(*, challenge: str, now: datetime) -> bool:
    """Use up what a passkey has signed. False if that was done before."""
    try:
        _use_up(factor_seals.mark("challenge", challenge), now)
    except IntegrityError:
        return False
    return True


def tell_of_wrong_codes(*, user_id: int, number: int) -> None:
    """The owner hears once a day that somebody knows the password and guesses codes. number: of the wrong one."""
    if number == WRONG_CODES_TOLD:
        mails.tell_owner(user_id=user_id, kind=MailKind.WRONG_CODES)


def forget_used_codes(*, now: datetime) -> None:
    """Those that no longer fit anyway."""
    UsedCode.objects.filter(over_at__lte=now).delete()


def seal_again() -> None:
    """After the secret was renewed: seal what factors are checked with under the new one."""
    sealing.seal_again(Authenticator, "data", secret=factor_seals.SECRET, opened=_opened, sealed=_sealed_again)


def _keep(codes: Authenticator) -> None:
    if not codes.data.get("kept"):
        codes.data["kept"] = True
        codes.save(update_fields=["data"])


def _opened(factor: Authenticator, secrets: Iterable[bytes]) -> str:
    if factor.type not in SEALED_IN:
        raise envelope.CannotOpen  # nothing of a passkey is sealed
    return factor_seals.open_stored(factor.data[SEALED_IN[Type(factor.type)]], secrets)


def _sealed_again(factor: Authenticator, text: str) -> dict[str, Any]:
    return {**factor.data, SEALED_IN[Type(factor.type)]: factor_seals.seal_stored(text)}


def _locked(by: User, *, has_passed: bool) -> User:
    """Their row, so that of two sessions without the mark only one adds the first factor. Raises Refused."""
    user = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    is_enrolled = second_factor.enrolled(user)
    if not has_passed and is_enrolled:
        raise Refused(_("A second factor was added to your account in the meantime. Sign out, then sign in with it."))
    if not is_enrolled:
        Authenticator.objects.filter(user=user).delete()  # backup codes of an earlier factor, whoever has them
    return user


def _use_up(mark: str, now: datetime) -> None:
    """Raises IntegrityError for what was used before."""
    half_hours = int(now.timestamp()) // HALF_HOUR.seconds + 2
    over_at = datetime.fromtimestamp(half_hours * HALF_HOUR.seconds, tz=UTC)
    with transaction.atomic():
        UsedCode.objects.create(mark=mark, over_at=over_at)


def _use_app_code(user: User, typed: str, now: datetime) -> None:
    try:
        _use_up(app_codes.mark_of(user, typed, now), now)
    except IntegrityError:
        raise WrongCode(_("This code was used already. Wait until your app shows the next one.")) from None


def _first_backup_codes(user: User) -> list[str]:
    if Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).exists():
        return []
    return list(RecoveryCodes.activate(user).generate_codes())


def _about(user: User) -> str:
    return f"user:{user.pk}"
