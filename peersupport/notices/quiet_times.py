"""Who was alerted so recently that their phone stays quiet, and for how long.

A row has a keyed hash in place of the person: a copy of the database shows that somebody was alerted, and not who.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings

from peersupport.sealing import envelope, host_secret

from .domain.channels import Channel
from .models import QuietTime

MINUTE = timedelta(minutes=1)


def mark_of(channel: Channel, user_id: int) -> bytes:
    """With the current host secret. After it was replaced a person may be alerted once more, and no worse."""
    info = envelope.context("quiet time", str(channel), user_id)
    return envelope.derive(host_secret.known()[0], salt=b"", info=info)


def quiet(channel: Channel, user_ids: Collection[int], now: datetime) -> frozenset[int]:
    """Those of these users who are not to be alerted by this channel yet."""
    marks = {mark_of(channel, user_id): user_id for user_id in user_ids}
    running = QuietTime.objects.filter(pk__in=marks, until__gt=now).values_list("pk", flat=True)
    return frozenset(marks[bytes(mark)] for mark in running)


def end_of_quiet_time(now: datetime) -> datetime | None:
    """When somebody who is alerted now may be alerted again, rounded up to the minute; None without quiet times."""
    minutes: int = settings.QUIET_MINUTES
    if not minutes:
        return None
    end = now + minutes * MINUTE
    whole = end.replace(second=0, microsecond=0)
    return whole if whole == end else whole + MINUTE
