"""What the table of wrong tries has in place of accounts, networks and devices: keyed hashes of one day.

The key is made of a random secret in `lasting/`, which is overwritten at the end of the day, and of the host secret. So
database and keyring together tell nobody whose tries were counted, and after the day nothing does.
"""

import contextlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone

from peersupport.sealing import envelope, host_secret, keyring

SECRET = "tries"  # noqa: S105  # its name


@dataclass(frozen=True)
class Place:
    """Somebody was told to wait until `not_before`, and is looked at then. spent_tag: of the row once they were."""

    not_before: datetime
    spent_tag: str


def tag(kind: str, *parts: str | int) -> str:
    """What stands for this on this day; the same in all processes."""
    return _mac(kind, timezone.localdate().isoformat(), *parts)


def new_place(own_tag: str, not_before: datetime) -> str:
    """For the form of whoever has to wait: nobody can make one up, or use it for another account or network."""
    moment, number = str(int(not_before.timestamp())), secrets.token_hex(16)
    return ".".join((moment, number, _mac("place", own_tag, moment, number)))


def place_of(typed: str, own_tag: str) -> Place | None:
    """The place that a form bears; None for anything that wasn't given for this."""
    moment, _, rest = typed.partition(".")
    number, _, mac = rest.partition(".")
    if not hmac.compare_digest(mac.encode(), _mac("place", own_tag, moment, number).encode()):
        return None
    return Place(datetime.fromtimestamp(int(moment), tz=UTC), _mac("spent", number))


def destroy_key() -> None:
    """The day is over. What was counted under the key tells nobody anything any more."""
    if keyring.has_lasting(SECRET):
        keyring.renew_lasting(SECRET)
        for each in keyring.earlier(SECRET):
            keyring.drop_earlier(SECRET, each)


def _mac(*parts: str | int) -> str:
    return hmac.digest(_key(), envelope.context(*parts), "sha256").hex()


def _key() -> bytes:
    """With the keyring's volume away, too: the operator has to sign in then, to read on Health what is wrong."""
    secret = b""
    with contextlib.suppress(OSError, RuntimeError):
        secret = keyring.lasting("tries")
    return envelope.derive(host_secret.current(), salt=secret, info=envelope.context("tries"))
