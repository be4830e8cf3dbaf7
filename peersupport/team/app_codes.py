"""The codes that an app on somebody's phone shows: six digits, another each 30 seconds (TOTP, RFC 6238)."""

import secrets
from base64 import b32encode
from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal import auth

from . import factor_seals
from .models import User

SECRET_BYTES = 20  # as RFC 4226 recommends


def new_secret() -> str:
    """What an app is set up with."""
    return b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def secret_to_add(user: User, *, sign_in: str, confirmed_at: datetime, added: int) -> str:
    """As new_secret, but the same each time the page is shown, because phones load pages again by themselves.

    Only for somebody who has just shown who they are: whoever finds the browser open later must not read it.

    sign_in: what this sign-in is known by. confirmed_at: when they showed it. added: how many apps were added in this
    sign-in, so that no secret comes twice.
    """
    parts = (user.pk, sign_in, confirmed_at.isoformat(), added)
    return b32encode(factor_seals.derived("app", *parts)[:SECRET_BYTES]).decode()


def code_at(secret: str, now: datetime) -> str:
    return auth.format_hotp_value(auth.hotp_value(secret, _period(now)))


def fits(secret: str, typed: str, now: datetime) -> bool:
    """Whether it is the code of these 30 seconds: none before or after counts."""
    return compare_user_code(actual=typed, expected=code_at(secret, now))


def mark_of(user: User, typed: str, now: datetime) -> str:
    """What stands for a used code in the table of used codes; a keyed hash of which nobody reads whose it was."""
    return factor_seals.mark("used code", user.pk, _period(now), normalize_user_code(typed))


def app_address(user: User, secret: str) -> str:
    """What the QR code says, and what opens the app on the same device."""
    return get_adapter().build_totp_url(user, secret)


def _period(now: datetime) -> int:
    return int(now.timestamp()) // app_settings.TOTP_PERIOD
