"""Sealing and opening bytes. Pure: keys are arguments, and nothing here reads a clock, a file or a setting.

The algorithms come from `cryptography`: ChaCha20-Poly1305 (RFC 8439), HKDF-SHA256 (RFC 5869) and HPKE with X25519
(RFC 9180, base mode); and Argon2id (RFC 9106) from `argon2-cffi`. All keys are 32 bytes.

Everything sealed begins with a version byte, which is bound to it. What was sealed before there was one still opens:
requests until they end, members' keys until their password changes, and so on.
"""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x02"
KEY_BYTES = 32
NONCE_BYTES = 12
LENGTH_BYTES = 4
SEALED_OVERHEAD = 1 + NONCE_BYTES + LENGTH_BYTES + 16  # what seal() adds to `size`: version, nonce, length, tag
SEALED_TO_OVERHEAD = 1 + 32 + 16  # what seal_to() adds to its data: version, the sender's one-use public key, tag
SALT_BYTES = 16
# Argon2id as RFC 9106 recommends where memory is scarce (its second choice).
PASSWORD_PASSES = 3
PASSWORD_LANES = 4
PASSWORD_MEMORY_KIB = 64 * 1024  # set from the settings when the program starts

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
_FAILURES = (InvalidTag, ValueError, TypeError, OverflowError)


class CannotOpen(Exception):
    """Wrong key, wrong context, or altered data; deliberately without saying which."""


class TooLong(Exception):
    """The data doesn't fit the size that it has to be padded to."""


def context(*parts: bytes | str | int) -> bytes:
    """The parts as one unambiguous byte string: each with its kind and its length (4 bytes)."""
    return b"".join(_part(part) for part in parts)


def seal(key: bytes, data: bytes, *, size: int, context: bytes) -> bytes:
    """The data padded to `size` bytes, encrypted and bound to the context; `size` + 33 bytes long.

    Raises TooLong if the data has more than `size` bytes.
    """
    if len(data) > size:
        raise TooLong
    padded = len(data).to_bytes(LENGTH_BYTES, "big") + data.ljust(size, b"\0")
    nonce = secrets.token_bytes(NONCE_BYTES)
    return VERSION + nonce + ChaCha20Poly1305(key).encrypt(nonce, padded, VERSION + context)


def open_sealed(key: bytes, sealed: bytes, *, context: bytes) -> bytes:
    """The data that seal() was given with this key and context. Raises CannotOpen for anything else."""
    for version, rest in _versions(sealed):
        try:
            padded = ChaCha20Poly1305(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], version + context)
        except _FAILURES:
            continue
        length = int.from_bytes(padded[:LENGTH_BYTES], "big")
        if LENGTH_BYTES + length <= len(padded):
            return padded[LENGTH_BYTES : LENGTH_BYTES + length]
    raise CannotOpen


def open_under_any(keys: Iterable[bytes], sealed: bytes, *, context: bytes) -> bytes:
    """As open_sealed(), with the first of the keys that opens it."""
    for key in keys:
        with suppress(CannotOpen):
            return open_sealed(key, sealed, context=context)
    raise CannotOpen


def derive(secret: bytes, *, salt: bytes, info: bytes, length: int = KEY_BYTES) -> bytes:
    """A key of `length` bytes derived from the secret; each salt and each info gives another (HKDF-SHA256)."""
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def new_key() -> bytes:
    """A random key for seal()."""
    return secrets.token_bytes(KEY_BYTES)


def new_private_key() -> bytes:
    """The private half of a new X25519 pair."""
    return secrets.token_bytes(KEY_BYTES)


def private_key_from(seed: bytes) -> bytes:
    """The private half of the X25519 pair that belongs to this seed of 32 random bytes."""
    return derive(seed, salt=b"", info=context("private key from seed", 1))


def public_key_of(private: bytes) -> bytes:
    """The public half of the pair."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal_to(public_key: bytes, data: bytes, *, info: bytes) -> bytes:
    """The data encrypted to the owner of the private half and bound to info; 49 bytes longer than the data.

    Not padded: pass data of one size. Raises ValueError for a malformed public key.
    """
    return VERSION + _SUITE.encrypt(data, X25519PublicKey.from_public_bytes(public_key), VERSION + info)


def open_with(private_key: bytes, sealed: bytes, *, info: bytes) -> bytes:
    """The data that seal_to() was given for this pair and info. Raises CannotOpen for anything else."""
    for version, rest in _versions(sealed):
        try:
            return _SUITE.decrypt(rest, X25519PrivateKey.from_private_bytes(private_key), version + info)
        except _FAILURES:
            continue
    raise CannotOpen


def password_key(password: str, salt: bytes) -> bytes:
    """A key derived slowly (Argon2id) from a password and a random salt of SALT_BYTES."""
    # Not cryptography's own Argon2id: with OpenSSL 4.0 two of its derivations at the same time deadlock.
    return hash_secret_raw(
        password.encode(),
        salt,
        time_cost=PASSWORD_PASSES,
        memory_cost=PASSWORD_MEMORY_KIB,
        parallelism=PASSWORD_LANES,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def _versions(sealed: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What it may be: the version and the rest; last, all of it as it was sealed before there was a version byte."""
    try:
        sealed = bytes(sealed)  # PostgreSQL returns a memoryview
    except TypeError:
        return
    if sealed[:1] == VERSION:
        yield VERSION, sealed[1:]
    yield b"", sealed


def _part(part: bytes | str | int) -> bytes:
    if isinstance(part, bytes):
        kind, data = b"b", part
    elif isinstance(part, str):
        kind, data = b"s", part.encode()
    else:
        kind, data = b"i", str(int(part)).encode()
    return kind + len(data).to_bytes(LENGTH_BYTES, "big") + data
