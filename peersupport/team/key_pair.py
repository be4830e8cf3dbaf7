"""A member's pair of keys as it is stored: the private half sealed twice, by password and by recovery code."""

import secrets
from dataclasses import dataclass

from peersupport.sealing import envelope, receipt

from .domain import fingerprints

SIZE = 64
SALT_BYTES = 16


@dataclass(frozen=True)
class Lock:
    """One sealed copy of the private half, and the salt of the slow hash that opens it."""

    salt: bytes
    sealed: bytes


@dataclass(frozen=True)
class Pair:
    public_key: bytes
    password_salt: bytes
    sealed_by_password: bytes
    recovery_salt: bytes
    sealed_by_recovery: bytes


def new_pair(password: str) -> tuple[Pair, str]:
    """A new pair and the recovery code that opens it besides the password. The code is kept nowhere."""
    private_key = envelope.new_private_key()
    code = new_code()
    by_password, by_code = lock_by_password(private_key, password), lock_by_code(private_key, code)
    public_key = envelope.public_key_of(private_key)
    return Pair(public_key, by_password.salt, by_password.sealed, by_code.salt, by_code.sealed), code


def new_code() -> str:
    return fingerprints.recovery_code(secrets.choice, receipt.GIVEN_OUT)


def lock_by_password(private_key: bytes, password: str) -> Lock:
    return _lock(private_key, password, "password")


def lock_by_code(private_key: bytes, code: str) -> Lock:
    return _lock(private_key, receipt.canonical(code), "recovery code")


def open_by_password(pair: Pair, password: str) -> bytes:
    """The private half. Raises CannotOpen for a wrong password."""
    return _open(pair, password, "password", pair.password_salt, pair.sealed_by_password)


def open_by_code(pair: Pair, typed: str) -> bytes:
    """The private half. Raises CannotOpen for a wrong code; case, spaces and hyphens are forgiven."""
    return _open(pair, receipt.canonical(typed), "recovery code", pair.recovery_salt, pair.sealed_by_recovery)


def _lock(private_key: bytes, secret: str, kind: str) -> Lock:
    salt = secrets.token_bytes(SALT_BYTES)
    context = envelope.context("member key", kind, envelope.public_key_of(private_key))
    return Lock(salt, envelope.seal(envelope.password_key(secret, salt), private_key, size=SIZE, context=context))


def _open(pair: Pair, secret: str, kind: str, salt: bytes, sealed: bytes) -> bytes:
    if not sealed:
        raise envelope.CannotOpen
    context = envelope.context("member key", kind, pair.public_key)
    return envelope.open_sealed(envelope.password_key(secret, salt), sealed, context=context)
