"""What the outbox has to send, and whom it reaches how."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from peersupport.core.backoff import next_try
from peersupport.core.claims import unclaimed

from . import quiet_times
from .domain.channels import Channel
from .models import Notice, PhoneAlert

STUCK_AFTER_TRIES = 4
LONGEST_PAUSE_AFTER = 5  # tries
USERS_AT_ONCE = 10_000  # PostgreSQL takes 65,535 values in one statement


def may_be_tried(now: datetime) -> Q:
    """Matches notices that nobody is sending, and whose pause after the last try is over.

    A new event empties `claim`. Then the pause counts as if the last try had been the first, so that a service that
    failed long ago is tried again soon; and it is over no sooner, however many events come.
    """
    after_an_event = Q()
    for tries in range(2, LONGEST_PAUSE_AFTER + 1):
        less = next_try(now, tries) - next_try(now, 1)
        after_an_event |= Q(tries__gte=tries, claimed_until__lte=now + less)
    return unclaimed(now) | Q(claim=None) & after_an_event


def due(*, channel: Channel, urgent: bool, now: datetime) -> list[uuid.UUID]:
    """The ids of notices that may be tried, failed ones last: a mail that breaks the connection delays no other.

    Without urgent ones for people who were alerted a moment ago.
    """
    notices = Notice.objects.filter(may_be_tried(now), channel=channel, is_urgent=urgent).order_by("tries", "pk")
    waiting = list(notices.values_list("pk", "recipient_id"))
    quiet = quiet_times.quiet(channel, {user_id for _, user_id in waiting}, now) if urgent else frozenset()
    return [notice_id for notice_id, user_id in waiting if user_id not in quiet]


def stuck(channel: Channel) -> QuerySet[Notice]:
    """Notices that repeatedly failed to leave by this channel."""
    return Notice.objects.filter(channel=channel, tries__gte=STUCK_AFTER_TRIES)


def with_phone_alert(user_ids: Iterable[int]) -> set[int]:
    """Those of these users who have set a phone alert, whether it works or not."""
    return _alerted(user_ids, even_failed=True)


def reachable_by_phone(user_ids: Iterable[int]) -> set[int]:
    """Those of these users who have set a phone alert, except where it repeatedly failed."""
    return _alerted(user_ids, even_failed=False)


def _alerted(user_ids: Iterable[int], *, even_failed: bool) -> set[int]:
    """In words of SQL: each form and each sending asks, and Django takes ten times longer to say it."""
    users, found = list(user_ids), set[int]()
    for start in range(0, len(users), USERS_AT_ONCE):
        found |= _alerted_of(users[start : start + USERS_AT_ONCE], even_failed)
    return found


def _alerted_of(users: Sequence[int], even_failed: bool) -> set[int]:
    alerts, notices = PhoneAlert._meta.db_table, Notice._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT user_id FROM {alerts} WHERE user_id IN ({', '.join(['%s'] * len(users))}) "  # noqa: S608  # nosec B608
            f"AND (%s OR user_id NOT IN (SELECT recipient_id FROM {notices} WHERE channel = %s AND tries >= %s))",
            [*users, even_failed, Channel.PHONE.value, STUCK_AFTER_TRIES],
        )
        return {user_id for (user_id,) in cursor.fetchall()}


def phone_alert_of(user_id: int) -> PhoneAlert | None:
    return PhoneAlert.objects.filter(user_id=user_id).first()
