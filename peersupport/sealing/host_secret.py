"""The host secret: in the settings of the running program, and in neither the database nor the keyring.

It goes into the keys of whatever the program can open by itself, and into the signature of a confirmed member key, so
that who has the rows and the keyring can neither read nor forge these. While it is being replaced, the one before opens
and verifies, and only the current one seals and signs.

A value derived from it stands in the keyring. A process with another host secret finds out by it, before it takes what
it can't open for damaged.
"""

from django.conf import settings

from . import envelope, keyring

CHECK = "host-secret-check"


class AnotherHostSecret(keyring.KeyringUnavailable):
    """The keyring was used with another host secret than this process has."""


def current() -> bytes:
    """What seals and signs."""
    return str(settings.HOST_SECRET).encode()


def known() -> tuple[bytes, ...]:
    """What opens and verifies: the current one, then those before it."""
    return (current(), *(secret.encode() for secret in settings.HOST_SECRET_FALLBACKS))


def check() -> None:
    """Note in the keyring which host secret is the current one.

    Raises AnotherHostSecret where neither it nor one before it was current so far, and any other OSError where the
    keyring can't be read.
    """
    noted = keyring.lasting(CHECK, first=_check_value(current()))
    if noted not in map(_check_value, known()):
        raise AnotherHostSecret
    if noted != _check_value(current()):
        keyring.replace_lasting(CHECK, _check_value(current()))


def _check_value(secret: bytes) -> bytes:
    return envelope.derive(secret, salt=b"", info=envelope.context("host secret check"))
