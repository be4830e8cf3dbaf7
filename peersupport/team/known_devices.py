"""A device on which somebody signed in before, and said that it is their own: known by a cookie, and by no row.

Wrong passwords are counted on it alone, so that nothing that others try keeps its owner out. The cookie is sealed under
the host secret and bound to the account's password, so that a new password makes all of them void. It goes to the pages
of signing in and to no other.
"""

import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from peersupport.sealing import envelope, host_secret

from .models import User
from .queries import accounts

LIFETIME = timedelta(days=90)
MOST_ACCOUNTS = 3  # of people who share a device, or of one who has two
SIZE = 512
SIGNAL_KEY = "is_own_device"  # in the data that allauth carries from the password step to the end of the sign-in


@dataclass(frozen=True)
class KnownAccount:
    """proof: a keyed hash of account, password and session generation. until: the last day (ISO 8601)."""

    user_id: int
    proof: str
    until: str


@dataclass(frozen=True)
class Device:
    """id: random, to count the device's own tries. accounts: the latest first."""

    id: str
    accounts: tuple[KnownAccount, ...]


def cookie_name() -> str:
    return f"{'__Secure-' if settings.SESSION_COOKIE_SECURE else ''}device"


def known_user(request: HttpRequest) -> User | None:
    """The active account that signed in last on this device; None if it isn't known."""
    device = _device(request)
    for known in device.accounts if device else ():
        user = accounts.active_account(known.user_id)
        if user is not None and _is_proof(known, user):
            return user
    return None


def device_of(request: HttpRequest, email: str) -> str:
    """The id of the device the request came from, if it is known for the account of this address; otherwise empty."""
    device = _device(request)
    user = accounts.active_account_of(email) if device else None
    if device is None or user is None:
        return ""
    return device.id if any(known.user_id == user.pk and _is_proof(known, user) for known in device.accounts) else ""


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Know this device for another 90 days. Only once somebody has signed in, after every step of it."""
    device = _device(request) or Device(secrets.token_hex(16), ())
    until = (timezone.localdate() + LIFETIME).isoformat()
    others = [known for known in device.accounts if known.user_id != user.pk]
    latest = [KnownAccount(user.pk, _proof(user), until), *others][:MOST_ACCOUNTS]
    sealed = envelope.seal(
        _key(host_secret.current(), "seal"),
        json.dumps([device.id, [asdict(known) for known in latest]]).encode(),
        size=SIZE,
        context=b"",
    )
    response.set_cookie(
        cookie_name(),
        sealed.hex(),
        max_age=LIFETIME,
        path=reverse("account_login"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(cookie_name(), path=reverse("account_login"), samesite="Lax")
    response.cookies[cookie_name()]["secure"] = settings.SESSION_COOKIE_SECURE


def _device(request: HttpRequest) -> Device | None:
    keys = [_key(secret, "seal") for secret in host_secret.known()]
    try:
        sealed = bytes.fromhex(request.COOKIES.get(cookie_name(), ""))
        device_id, known = json.loads(envelope.open_under_any(keys, sealed, context=b""))
    except (ValueError, envelope.CannotOpen):
        return None
    today = timezone.localdate().isoformat()
    return Device(device_id, tuple(each for each in (KnownAccount(**of) for of in known) if today <= each.until))


def _is_proof(known: KnownAccount, user: User) -> bool:
    return any(hmac.compare_digest(known.proof, _proof(user, secret)) for secret in host_secret.known())


def _proof(user: User, secret: bytes | None = None) -> str:
    # The generation is new whenever somebody is signed out everywhere.
    bound = envelope.context(user.pk, user.password, user.session_generation)
    return hmac.digest(_key(secret or host_secret.current(), "proof"), bound, "sha256").hex()


def _key(secret: bytes, use: str) -> bytes:
    return envelope.derive(secret, salt=b"", info=envelope.context("known device", use))
