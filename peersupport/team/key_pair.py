"""A member's key pair as it is stored: the private key sealed twice, under the password and under the recovery code."""

import secrets
from dataclasses import dataclass

from peersupport.core import slow_hashes
from peersupport.sealing import envelope, receipt

from .domain import passwords, word_codes

SIZE = 64
SALT_BYTES = 16


@dataclass(frozen=True)
class SealedCopy:
    """One sealed copy of the private key, and the salt of the slow hash that opens it."""

    salt: bytes
    sealed: bytes


@dataclass(frozen=True)
class KeyPair:
    public_key: bytes
    password_salt: bytes
    sealed_by_password: bytes
    recovery_salt: bytes
    sealed_by_recovery: bytes


def new_key_pair(password: str) -> tuple[KeyPair, str]:
    """A new key pair, and the recovery code that opens it besides the password. The code is stored nowhere."""
    private_key = envelope.new_private_key()
    code = new_recovery_code()
    by_password, by_code = seal_by_password(private_key, password), seal_by_recovery_code(private_key, code)
    public_key = envelope.public_key_of(private_key)
    return KeyPair(public_key, by_password.salt, by_password.sealed, by_code.salt, by_code.sealed), code


def new_recovery_code() -> str:
    return word_codes.recovery_code(secrets.choice, receipt.DRAWABLE_WORDS)


def seal_by_password(private_key: bytes, password: str) -> SealedCopy:
    return _seal(private_key, passwords.normalized(password), "password")


def seal_by_recovery_code(private_key: bytes, code: str) -> SealedCopy:
    return _seal(private_key, receipt.canonical(code), "recovery code")


def open_by_password(pair: KeyPair, password: str) -> bytes:
    """The private key. Raises CannotOpen for a wrong password."""
    for spelling in passwords.spellings(password):
        try:
            return _open(pair, spelling, "password", pair.password_salt, pair.sealed_by_password)
        except envelope.CannotOpen:
            continue
    raise envelope.CannotOpen


def open_by_recovery_code(pair: KeyPair, typed: str) -> bytes:
    """The private key. Raises CannotOpen for a wrong code; case, spaces and hyphens don't matter."""
    return _open(pair, receipt.canonical(typed), "recovery code", pair.recovery_salt, pair.sealed_by_recovery)


def _seal(private_key: bytes, secret: str, kind: str) -> SealedCopy:
    salt = secrets.token_bytes(SALT_BYTES)
    context = envelope.context("member key", kind, envelope.public_key_of(private_key))
    return SealedCopy(salt, envelope.seal(_slow_key(secret, salt), private_key, size=SIZE, context=context))


def _open(pair: KeyPair, secret: str, kind: str, salt: bytes, sealed: bytes) -> bytes:
    if not sealed or len(salt) != SALT_BYTES:  # the slow hash would refuse another length
        raise envelope.CannotOpen
    context = envelope.context("member key", kind, pair.public_key)
    return envelope.open_sealed(_slow_key(secret, salt), sealed, context=context)


def _slow_key(secret: str, salt: bytes) -> bytes:
    """One of a bounded number at once. Raises slow_hashes.Busy."""
    with slow_hashes.seat():
        return envelope.password_key(secret, salt)
