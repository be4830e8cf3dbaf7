"""Counting wrong passwords and codes, and telling whoever tries too often how long to wait.

A try is counted before it is looked at, or fifty at once would all be looked at. A right one takes its count back and
leaves no row.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from .. import day_tags
from ..domain import tries as rules
from ..models import Tries

LOCK = 1606  # the key of the advisory lock; no other lock of this database is this one
PLACE_IS_KEPT = timedelta(minutes=10)
BETWEEN_MAILS = timedelta(minutes=15)
LONGEST_WAIT = PLACE_IS_KEPT + BETWEEN_MAILS  # longer than any: what ends later began while the clock was ahead
# Whoever tries addresses that don't exist makes rows. Beyond this, those with a try or two are forgotten.
MOST_ROWS = 100_000


class MustWait(Exception):
    """Too early: nothing was looked at or counted. place: for the form, so that nobody else takes their turn."""

    def __init__(self, seconds: int, place: str = "") -> None:
        super().__init__()
        self.seconds, self.place = seconds, place


@dataclass(frozen=True)
class Counted:
    """What a try is counted on, as tags of the day. account and network: for a device that isn't known."""

    own: str
    account: str = ""
    network: str = ""

    @property
    def tags(self) -> list[str]:
        return [tag for tag in (self.own, self.account, self.network) if tag]


@dataclass(frozen=True)
class Try:
    """A try that was counted and is looked at now. spent_tag: of the place that it used, or empty.

    number: which try it is today, on this account or on this device alone, since the last right one.
    """

    counted: Counted
    number: int
    spent_tag: str = ""


def begin(counted: Counted, *, place: str = "") -> Try:
    """Count a try, which may be looked at now. place: what the form bears. Raises MustWait."""
    with _alone():
        rows, now = _rows(counted), timezone.now()
        kept = _kept_place(place, rows[counted.own])
        own_turn = _own_turn(counted, rows, now, kept)
        turn = max(own_turn, rows[counted.account].wait_until or own_turn) if counted.account else own_turn
        if turn <= now:
            _count(counted, rows, now)
            if kept:
                Tries(tag=kept.spent_tag, wait_until=kept.not_before + PLACE_IS_KEPT).save(force_insert=True)
    if turn > now:
        raise MustWait(math.ceil((turn - now).total_seconds()), day_tags.new_place(counted.own, own_turn))
    number = max(rows[tag].tries for tag in (counted.own, counted.account) if tag)
    return Try(counted, number, kept.spent_tag if kept else "")


def succeed(attempt: Try) -> None:
    """It was right: what this account was counted from this network, or this device, is forgotten."""
    with _alone():
        rows = _rows(attempt.counted)
        own = rows[attempt.counted.own]
        _subtract(rows, attempt.counted.tags[1:], min(own.tries, rules.SHARED_TRIES))
        _forget(attempt.counted.own, attempt.spent_tag)


def take_back(attempt: Try) -> None:
    """It was never looked at."""
    with _alone():
        rows = _rows(attempt.counted)
        own = rows[attempt.counted.own]
        if own.tries <= rules.SHARED_TRIES:
            _subtract(rows, attempt.counted.tags[1:], 1)
        _subtract(rows, [attempt.counted.own], 1)
        _forget(attempt.spent_tag)


def forgive(counted: Counted) -> None:
    """Whoever chose a new password doesn't wait because of tries at the old one."""
    _forget(*counted.tags[:2])


def may_mail(*, kind: str, email: str) -> bool:
    """Whether a mail of this kind, which anybody can cause, may go to the address now; counts it if so."""
    tag = day_tags.tag("mail", kind, email.lower())
    with _alone():
        now = timezone.now()
        if Tries.objects.filter(tag=tag, wait_until__gt=now).exists():
            return False
        Tries(tag=tag, wait_until=now + BETWEEN_MAILS).save()
        return True


def forget_mail(*, kind: str, email: str) -> None:
    """The link in the last mail of this kind is dead, or it was never sent: another may go there now."""
    _forget(day_tags.tag("mail", kind, email.lower()))


def forget_times(*, now: datetime) -> None:
    """Each half hour: when the last try was, where it no longer matters."""
    over = Tries.objects.filter(Q(wait_until__lte=now) | Q(wait_until__gt=now + LONGEST_WAIT))
    over.filter(tries=0).delete()
    over.update(wait_until=None)
    if Tries.objects.count() > MOST_ROWS:
        Tries.objects.filter(tries__lte=2).delete()


def end_day() -> None:
    """Destroy the key of the day, and with it all that was counted."""
    day_tags.destroy_key()
    Tries.objects.all().delete()


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: a count of several rows is never lost, and no two wait for each other."""
    with transaction.atomic():
        if connection.vendor == "postgresql":  # on SQLite, whoever writes is alone
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield


def _rows(counted: Counted) -> dict[str, Tries]:
    found = Tries.objects.in_bulk(counted.tags)
    return {tag: found.get(tag) or Tries(tag=tag) for tag in counted.tags}


def _kept_place(typed: str, own: Tries) -> day_tags.Place | None:
    place = day_tags.place_of(typed, own.tag) if typed and own.tries < rules.KEPT_PLACES else None
    is_spent = place is not None and Tries.objects.filter(tag=place.spent_tag).exists()
    return None if is_spent else place


def _own_turn(counted: Counted, rows: dict[str, Tries], now: datetime, kept: day_tags.Place | None) -> datetime:
    """When whoever asks is looked at. Asking early doesn't put it off."""
    own = rows[counted.own]
    if kept and now < kept.not_before + PLACE_IS_KEPT:
        return kept.not_before
    if own.tries == 0 and own.wait_until is None:
        own.wait_until = _moment(now, rules.wait_before(**_shared_tries(counted, rows)))
        if own.wait_until:
            own.save()
    return own.wait_until or now


def _count(counted: Counted, rows: dict[str, Tries], now: datetime) -> None:
    own, shared = rows[counted.own], [rows[tag] for tag in counted.tags[1:]]
    own.tries += 1
    for row in shared:
        row.tries += own.tries <= rules.SHARED_TRIES
    own.wait_until = _moment(now, rules.wait_after(own=own.tries, **_shared_tries(counted, rows)))
    if counted.account:
        account = rows[counted.account]
        account.wait_until = _moment(now, rules.ALL_NETWORKS.seconds(account.tries))
    for row in (own, *shared):
        row.save()


def _shared_tries(counted: Counted, rows: dict[str, Tries]) -> dict[str, int]:
    return {
        "account": rows[counted.account].tries if counted.account else 0,
        "network": rows[counted.network].tries if counted.network else 0,
    }


def _subtract(rows: dict[str, Tries], tags: list[str], tries: int) -> None:
    for row in (rows[tag] for tag in tags):
        row.tries, row.wait_until = max(0, row.tries - tries), None
        if row.tries:
            row.save()
        else:
            _forget(row.tag)


def _forget(*tags: str) -> None:
    Tries.objects.filter(tag__in=[tag for tag in tags if tag]).delete()


def _moment(now: datetime, seconds: int) -> datetime | None:
    return now.replace(microsecond=0) + timedelta(seconds=seconds) if seconds else None
