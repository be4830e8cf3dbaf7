"""The signed nonce in each form, by which a second press of Send is recognized and counts once."""

import base64
import binascii
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy

from peersupport.sealing import keyring

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LIFETIME_HOURS = 12
NONCE_BYTES, VISIT_BYTES = 32, 12
TOKEN = re.compile("(?P<nonce>[A-Za-z0-9_-]{43}=):(?P<opened>[A-Za-z0-9]{1,8}):[A-Za-z0-9_-]+")
STALE = gettext_lazy(
    "This form was open for a long time, so nothing was sent. Everything you typed is still here: "
    "please press “Send” once more."
)


class StaleForm(Exception):
    """The form's token is expired, altered or missing. Nothing was done; it can be sent again with a fresh one."""


@dataclass(frozen=True)
class Origin:
    """Where a form comes from. visit: a random number in hexadecimal. opened: seconds since 1970."""

    visit: str
    opened: int


def fresh(purpose: str, *, visit: str = "") -> str:
    """A signed token with a new 256-bit nonce, for one form of this purpose. Valid for LIFETIME_HOURS.

    visit: with what the nonce begins, where the forms of one visit have to be recognized; else it is all random.
    """
    nonce = bytes.fromhex(visit) + secrets.token_bytes(NONCE_BYTES - len(visit) // 2)
    return _signer(purpose).sign(base64.urlsafe_b64encode(nonce).decode())


def origin_of(token: str, *purposes: str) -> Origin | None:
    """Where a form of one of these purposes comes from, however old. None for a token that isn't ours.

    The signature counts: else who has seen a number could end somebody else's form with a token of their own making.
    """
    if not (parts := TOKEN.fullmatch(token)):
        return None
    keys = keyring.known("forms")
    if not any(_is_signed(token, purpose, keys) for purpose in purposes):
        return None
    nonce = base64.urlsafe_b64decode(parts["nonce"])
    return Origin(nonce[:VISIT_BYTES].hex(), signing.b62_decode(parts["opened"]))


def nonce_of(token: str, purpose: str) -> bytes:
    """The 32-byte nonce in a token. Raises StaleForm."""
    try:
        encoded = _signer(purpose).unsign(token, max_age=LIFETIME_HOURS * 3600)
        return base64.urlsafe_b64decode(encoded)
    except (signing.BadSignature, binascii.Error, ValueError) as error:
        raise StaleForm from error


def signed_at(token: str, purpose: str) -> datetime:
    """When the form with this token was first shown. Raises StaleForm."""
    nonce_of(token, purpose)
    return datetime.fromtimestamp(signing.b62_decode(token.rsplit(":", 2)[1]), UTC)


def hash_of(token: str, purpose: str) -> str:
    """What a row keeps of the token (64 hex digits), so that the same press twice makes one row. Raises StaleForm."""
    return hashlib.sha256(nonce_of(token, purpose)).hexdigest()


def renew(form: forms.Form, purpose: str, sentence: "StrOrPromise" = STALE) -> None:
    """Give the form a fresh token of the same visit and this error, with all that was typed, ready to be sent again."""
    data = form.data.copy()  # type: ignore[attr-defined]
    origin = origin_of(data.get("token", ""), purpose)
    data["token"] = fresh(purpose, visit=origin.visit if origin else "")
    form.data = data
    form.add_error(None, sentence)


def _is_signed(token: str, purpose: str, keys: tuple[bytes, ...]) -> bool:
    try:
        _signer(purpose, keys).unsign(token)
    except signing.BadSignature:
        return False
    return True


def _signer(purpose: str, keys: tuple[bytes, ...] | None = None) -> signing.TimestampSigner:
    """keys: where they have been read already."""
    current, *earlier = keys or keyring.known("forms")
    fallbacks: list[str | bytes] = [secret.hex() for secret in earlier]
    return signing.TimestampSigner(key=current.hex(), fallback_keys=fallbacks, salt=f"form.{purpose}")
