"""Sessions whose rows show nothing finer about anybody than the hour in which they signed in."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession


class SessionStore(DatabaseStore):
    """Expires at a full hour, at most SESSION_COOKIE_AGE after the session was saved."""

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.expire_date = row.expire_date.replace(minute=0, second=0, microsecond=0)
        return row


class MessageStorage(CookieStorage):
    """Messages for the next page go into a cookie: in the session row they would record each action and its time."""

    cookie_name = f"{settings.COOKIE_PREFIX}said"
