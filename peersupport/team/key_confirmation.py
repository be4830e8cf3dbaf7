"""The signature of a confirmed key, so that whoever writes into the database can't put another key in its place."""

import hmac
from dataclasses import dataclass
from functools import cache

from peersupport.sealing import envelope, host_secret

VERSION = 1
SIZE = 1 + 32  # the version, and HMAC-SHA256


@dataclass(frozen=True)
class KeyOwner:
    """What a confirmation says: this public key, in this row, is this member's, who signs in with this account."""

    member_id: int
    user_id: int
    key_id: int
    public_key: bytes


def confirmation_of(owner: KeyOwner) -> bytes:
    """The signature under the current host secret."""
    return _signature(host_secret.current(), owner)


def is_genuine(confirmation: bytes, owner: KeyOwner) -> bool:
    """Whether the signature was made by this program, under any known host secret."""
    return any(hmac.compare_digest(_signature(secret, owner), confirmation) for secret in host_secret.known())


def _signature(secret: bytes, owner: KeyOwner) -> bytes:
    says = envelope.context(
        "member key confirmation", VERSION, owner.member_id, owner.user_id, owner.key_id, owner.public_key
    )
    return bytes([VERSION]) + hmac.digest(_signing_key(secret), says, "sha256")


@cache
def _signing_key(secret: bytes) -> bytes:
    return envelope.derive(secret, salt=b"", info=envelope.context("confirmation key", VERSION))
