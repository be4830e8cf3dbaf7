"""What the outbox has to send, and whom it reaches how."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from peersupport.core.claims import unclaimed

from . import quiet_times
from .domain.channels import Channel
from .models import Notice, PhoneAlert

STUCK_AFTER_TRIES = 4


def due(*, channel: Channel, urgent: bool, now: datetime) -> list[uuid.UUID]:
    """The ids of unclaimed notices, failed ones last, so that a mail that breaks the connection delays no other.

    Without urgent ones for people who were alerted a moment ago.
    """
    notices = Notice.objects.filter(unclaimed(now), channel=channel, is_urgent=urgent).order_by("tries", "pk")
    waiting = list(notices.values_list("pk", "recipient_id"))
    quiet = quiet_times.quiet(channel, {user_id for _, user_id in waiting}, now) if urgent else frozenset()
    return [notice_id for notice_id, user_id in waiting if user_id not in quiet]


def stuck(channel: Channel) -> QuerySet[Notice]:
    """Notices that repeatedly failed to leave by this channel."""
    return Notice.objects.filter(channel=channel, tries__gte=STUCK_AFTER_TRIES)


def reachable_by_phone(user_ids: Iterable[int]) -> set[int]:
    """Those of these users who have set a phone alert, except where it repeatedly failed."""
    unreachable = stuck(Channel.PHONE).values("recipient_id")
    alerts = PhoneAlert.objects.filter(user_id__in=user_ids).exclude(user_id__in=unreachable)
    return set(alerts.values_list("user_id", flat=True))


def phone_alert_of(user_id: int) -> PhoneAlert | None:
    return PhoneAlert.objects.filter(user_id=user_id).first()
