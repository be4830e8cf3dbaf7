"""Ending sessions."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from ..models import User


def end_all(*, user_id: int) -> None:
    """End every session of this account, wherever it is signed in. A row doesn't name its account: all are opened."""
    own = str(User._meta.pk.value_to_string(User(pk=user_id)))
    ended = [row.pk for row in Session.objects.iterator() if row.get_decoded().get(SESSION_KEY) == own]
    Session.objects.filter(pk__in=ended).delete()
