"""The signature of a confirmed key, so that whoever writes into the database can't put another key in its place."""

import hmac
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from peersupport.sealing import envelope, host_secret

VERSION = 1
CONFIRMATION_SIZE = 1 + 32  # the version, and HMAC-SHA256


class ConfirmedKey(NamedTuple):
    """What a confirmation says: this public key, in this row, is this member's, who signs in with this account."""

    member_id: int
    user_id: int
    key_id: int
    public_key: bytes


def confirmation_of(key: ConfirmedKey) -> bytes:
    """The signature under the current host secret."""
    return _signature(host_secret.current(), key)


def verifies(confirmation: bytes, key: ConfirmedKey, secrets: Iterable[bytes] | None = None) -> bool:
    """Whether the signature was made by this program, under any known host secret.

    secrets: these, if looked up already.
    """
    known = host_secret.known() if secrets is None else secrets
    return any(hmac.compare_digest(_signature(secret, key), confirmation) for secret in known)


@lru_cache(maxsize=8_192)  # of the keys of a whole team, which many pages verify; only arithmetic, so never out of date
def _signature(secret: bytes, key: ConfirmedKey) -> bytes:
    says = envelope.context("member key confirmation", VERSION, key.member_id, key.user_id, key.key_id, key.public_key)
    return bytes([VERSION]) + hmac.digest(_signing_key(secret), says, "sha256")


@cache
def _signing_key(secret: bytes) -> bytes:
    return envelope.derive(secret, salt=b"", info=envelope.context("confirmation key", VERSION))
