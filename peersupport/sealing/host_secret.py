"""The host secret: in the settings of the running program, and in neither the database nor the keyring.

It goes into the keys of whatever the program can open by itself, and into the signature of a confirmed member key, so
that who has the rows and the keyring can neither read nor forge these. While it is being replaced, the one before opens
and verifies, and only the current one seals and signs.
"""

from django.conf import settings


def current() -> bytes:
    """What seals and signs."""
    return str(settings.HOST_SECRET).encode()


def known() -> tuple[bytes, ...]:
    """What opens and verifies: the current one, then those before it."""
    return (current(), *(secret.encode() for secret in settings.HOST_SECRET_FALLBACKS))
