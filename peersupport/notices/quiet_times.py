"""Who was alerted so recently that their phone stays quiet, and for how long.

A row has a keyed hash in place of the person: a copy of the database shows that somebody was alerted, and not who.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from peersupport.sealing import envelope, host_secret

from .domain.channels import Channel
from .models import QuietTime

MINUTE = timedelta(minutes=1)


def mark_of(channel: Channel, user_id: int, until: datetime) -> bytes:
    """Of one quiet time: the next of the same person has another mark, so two copies of the database show no more.

    With the current host secret. After it was replaced a person may be alerted once more, and no worse.
    """
    info = envelope.context("quiet time", str(channel), user_id, int(until.timestamp()))
    return envelope.derive(host_secret.known()[0], salt=b"", info=info)


def quiet(channel: Channel, user_ids: Collection[int], now: datetime) -> frozenset[int]:
    """Those of these users who are not to be alerted by this channel yet."""
    running = {bytes(row.mark): row.until for row in QuietTime.objects.exclude(over(now))}
    marks = {mark_of(channel, user_id, until): user_id for until in set(running.values()) for user_id in user_ids}
    return frozenset(marks[mark] for mark in marks.keys() & running.keys())


def over(now: datetime) -> Q:
    """Those that have ended, and those that end later than any that begins now: a clock was ahead when they began."""
    return Q(until__lte=now) | Q(until__gt=end_of_quiet_time(now + MINUTE) or now)


def end_of_quiet_time(now: datetime) -> datetime | None:
    """When somebody who is alerted now may be alerted again, rounded up to the minute; None without quiet times."""
    minutes: int = settings.QUIET_MINUTES
    if not minutes:
        return None
    end = now + minutes * MINUTE
    whole = end.replace(second=0, microsecond=0)
    return whole if whole == end else whole + MINUTE
