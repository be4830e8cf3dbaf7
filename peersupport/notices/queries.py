"""What the sender asks of the outbox."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from .domain.channels import Channel
from .models import Notice, PhoneAlert

TRIED_TOO_OFTEN = 4


def due_at(now: datetime) -> QuerySet[Notice]:
    """What nobody is sending: never tried, or tried by somebody whose time is over."""
    return Notice.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))


def due(*, channel: Channel, urgent: bool, now: datetime) -> list[uuid.UUID]:
    """What failed before comes last: a mail that ends the connection each time keeps no other back."""
    found = due_at(now).filter(channel=channel, is_urgent=urgent).order_by("tries", "pk")
    return list(found.values_list("pk", flat=True))


def stuck(channel: Channel) -> QuerySet[Notice]:
    """What was tried again and again and could not leave this way."""
    return Notice.objects.filter(channel=channel, tries__gte=TRIED_TOO_OFTEN)


def with_bell(user_ids: Iterable[int]) -> set[int]:
    """Of these people, those whose telephone can be rung: not those whose bell has failed again and again."""
    silent = stuck(Channel.BELL).values("recipient_id")
    return set(
        PhoneAlert.objects.filter(user_id__in=user_ids).exclude(user_id__in=silent).values_list("user_id", flat=True)
    )


def bell_of(user_id: int) -> PhoneAlert | None:
    return PhoneAlert.objects.filter(user_id=user_id).first()
