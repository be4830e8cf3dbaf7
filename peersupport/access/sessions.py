"""Sessions whose rows show nothing finer about anybody than the hour in which they signed in."""

import time
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core import signing

HOUR = 60 * 60


class HourSigner(signing.TimestampSigner):
    """Django's signature of a session's data begins with the second in which it was made: here with the hour."""

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time()) // HOUR * HOUR)


class SessionStore(DatabaseStore):
    """Expires at a full hour: at most SESSION_COOKIE_AGE after the session was saved, or when it itself says."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        signer = HourSigner(salt=self.key_salt)
        return signer.sign_object(session_dict, serializer=self.serializer, compress=True)

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.expire_date = row.expire_date.replace(minute=0, second=0, microsecond=0)
        return row


class MessageStorage(CookieStorage):
    """Messages for the next page go into a cookie: in the session row they would record each action and its time."""

    cookie_name = f"{settings.COOKIE_PREFIX}said"
