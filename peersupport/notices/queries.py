"""What the sender asks of the outbox."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from .models import Bell, Notice

TRIED_TOO_OFTEN = 4


def due_at(now: datetime) -> QuerySet[Notice]:
    """What nobody is sending: never tried, or tried by somebody whose time is over."""
    return Notice.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))


def due(*, urgent: bool, now: datetime) -> list[uuid.UUID]:
    return list(due_at(now).filter(is_urgent=urgent).values_list("pk", flat=True))


def count_stuck() -> int:
    """For whoever runs the server: how many notices the mail server has refused again and again."""
    return Notice.objects.filter(tries__gte=TRIED_TOO_OFTEN).count()


def with_bell(user_ids: Iterable[int]) -> set[int]:
    """Of these people, those whose telephone can be rung."""
    return set(Bell.objects.filter(user_id__in=user_ids).values_list("user_id", flat=True))
