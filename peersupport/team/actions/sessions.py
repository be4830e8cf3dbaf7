"""Ending what somebody is signed in with, in every browser."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from ..models import User
from ..models.accounts import new_generation

PENDING = "account_login"  # where allauth keeps a sign-in between its steps


@transaction.atomic
def end_all(*, user_id: int) -> None:
    """End every session of this account at once, and whatever else is bound to its generation. Not audited.

    Their rows go as well: each holds a sealed key. A row says whose it is only inside, so all are looked through.
    """
    User.objects.filter(pk=user_id).update(session_generation=new_generation())
    theirs = [row.pk for row in Session.objects.all() if _is_of(row.get_decoded(), str(user_id))]
    Session.objects.filter(pk__in=theirs).delete()


def _is_of(session: dict[str, Any], user_id: str) -> bool:
    """Signed in, or between the two steps of it."""
    pending = session.get(PENDING) or {}
    return user_id in {session.get(SESSION_KEY), str(pending.get("user_pk"))}
