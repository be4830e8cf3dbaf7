"""What a session's row tells of when somebody did something: nothing finer than the hour in which they signed in."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession


class SessionStore(DatabaseStore):
    """Ends at a full hour, eight hours after it was written at most."""

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.expire_date = row.expire_date.replace(minute=0, second=0, microsecond=0)
        return row


class MessageStorage(CookieStorage):
    """What is said on the next page goes by the browser: in the session it would date each press, and name it."""

    cookie_name = f"{settings.COOKIE_PREFIX}said"
