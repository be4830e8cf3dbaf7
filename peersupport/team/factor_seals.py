"""How what the second factor is checked with is sealed: in its row, and on the page of somebody who is adding one.

Not bound to whose it is: the library that asks for it (allauth's adapter) does not say. Whoever could move a sealed
secret to another row could as well write a passkey of their own there.
"""

import binascii
import hmac
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

from peersupport.sealing import envelope, keyring

SECRET = "second-factor"  # noqa: S105  # its name in the keyring
STORED_BYTES = 96  # an app's secret has 32 characters, the seed of backup codes 80
PAGE_BYTES = 256
STORED, ON_PAGE = envelope.context("second factor", "stored"), envelope.context("second factor", "on page")
MARK = envelope.context("second factor", "mark")


def seal_stored(text: str) -> str:
    key = _key(keyring.lasting(SECRET), STORED)
    return b64encode(envelope.seal(key, text.encode(), size=STORED_BYTES, context=STORED)).decode()


def open_stored(sealed: str, secrets: Iterable[bytes] | None = None) -> str:
    """secrets: to try; all that are known unless given. Raises CannotOpen."""
    keys = [_key(secret, STORED) for secret in (keyring.known(SECRET) if secrets is None else secrets)]
    try:
        return envelope.open_under_any(keys, b64decode(sealed), context=STORED).decode()
    except (binascii.Error, ValueError):
        raise envelope.CannotOpen from None


def seal_on_page(text: str, *, kind: str, user_id: int) -> str:
    """What a page carries while somebody adds a factor, so that nothing of it stands in their session's row."""
    key, context = _key(keyring.lasting(SECRET), ON_PAGE), _page_context(kind, user_id)
    return urlsafe_b64encode(envelope.seal(key, text.encode(), size=PAGE_BYTES, context=context)).decode()


def open_from_page(sealed: str, *, kind: str, user_id: int) -> str:
    """Raises CannotOpen for what isn't from this person's page of this kind."""
    keys = [_key(secret, ON_PAGE) for secret in keyring.known(SECRET)]
    try:
        data = urlsafe_b64decode(sealed.encode())
        return envelope.open_under_any(keys, data, context=_page_context(kind, user_id)).decode()
    except (binascii.Error, ValueError):
        raise envelope.CannotOpen from None


def derived(*parts: str | int) -> bytes:
    """32 bytes that these parts give each time, and that nobody works out without the secret in the keyring."""
    return envelope.derive(keyring.lasting(SECRET), salt=b"", info=envelope.context("second factor", "new", *parts))


def mark(*parts: str | int) -> str:
    """A keyed hash of something that was used up."""
    return hmac.digest(_key(keyring.lasting(SECRET), MARK), envelope.context(*parts), "sha256").hex()


def _page_context(kind: str, user_id: int) -> bytes:
    return envelope.context("second factor", "on page", kind, user_id)


def _key(secret: bytes, use: bytes) -> bytes:
    return envelope.derive(secret, salt=b"", info=use)
