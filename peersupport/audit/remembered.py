"""What follows from the team's records, read once for each act that was recorded, and once a minute.

Every act on the team plane adds an entry to the audit log, in its own transaction. So the numbers of the newest entries
tell whether what a process has read is still so; one small query asks for the greatest of them and for their sum
(docs/decisions/0783-one-picture-of-the-team.md). What is never recorded doesn't belong in here, nor does anything about
a visitor.
"""

import threading
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.signals import request_finished, request_started
from django.db import connection
from django.utils import timezone

from .models import Entry

# On PostgreSQL, of two transactions the one that commits later may have the smaller number: it changes the sum.
NEWEST = 200

A_WHILE_MINUTES = 5

# Only in tests, each of which is one transaction: tests/recorded_acts.py forgets what is taken back.
KEPT_IN_TRANSACTIONS = False

T = TypeVar("T")
Newest = tuple[int | None, int | None]
Version = tuple[object, Newest]
_request = threading.local()  # whether this thread answers one, and what it has asked
_all: list["Remembered[Any]"] = []


def minute_of(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


class Remembered(Generic[T]):
    """One value of a process, and when it was read."""

    def __init__(self, read: Callable[[datetime], T], *, lasts: Callable[[datetime], object] = minute_of) -> None:
        """lasts: what of the moment the value depends on."""
        self._read, self._lasts = read, lasts
        self._reading = threading.Lock()
        self._held: tuple[Version, T] | None = None
        _all.append(self)

    def at(self, now: datetime) -> T:
        """The value as it is now. Read anew when an act was recorded since, or another minute has begun (see `lasts`).

        A transaction keeps nothing of what it reads: it may see what is taken back later.
        """
        version = self._lasts(now), _newest_entries()
        held = self._held
        if held and held[0] == version:
            return held[1]
        if connection.in_atomic_block and not KEPT_IN_TRANSACTIONS:
            return self._read(now)
        with self._reading:
            held = self._held
            if held is None or held[0] != version:
                held = self._held = version, self._read(now)
            return held[1]

    def forget(self) -> None:
        self._held = None


def _a_while_of(now: datetime) -> object:
    return timezone.localdate(now), minute_of(now) // A_WHILE_MINUTES


class OfToday(Remembered[T]):
    """What depends on nothing of the moment but the day. It is read anew every few minutes all the same."""

    def __init__(self, read: Callable[[date], T]) -> None:
        super().__init__(lambda now: read(timezone.localdate(now)), lasts=_a_while_of)
        self._read_day = read

    def on(self, day: date) -> T:
        """The value of today, or that of another day, which is read each time."""
        now = timezone.now()
        return self.at(now) if day == timezone.localdate(now) else self._read_day(day)


def forget_all() -> None:
    """For whoever changes a record and records no act."""
    for each in _all:
        each.forget()


def look_again() -> None:
    """Within a web request, which asks once: an act has been recorded in it."""
    _request.newest = None


def _newest_entries() -> Newest:
    """What the newest entries are known by; within one web request as they were when it first asked."""
    is_taken_back_perhaps = connection.in_atomic_block and not KEPT_IN_TRANSACTIONS
    if is_taken_back_perhaps or not getattr(_request, "is_running", False):
        return _read_newest()
    if _request.newest is None:
        _request.newest = _read_newest()
    newest: Newest = _request.newest
    return newest


def _begin(**_: object) -> None:
    _request.is_running, _request.newest = True, None


def _end(**_: object) -> None:
    _request.is_running = False


request_started.connect(_begin)
request_finished.connect(_end)


def _read_newest() -> Newest:
    """In one row: Python's driver for SQLite lets all other threads have a turn before each."""
    table = Entry._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT MAX(id), SUM(id) FROM (SELECT id FROM {table} ORDER BY id DESC LIMIT {NEWEST}) AS newest"  # noqa: S608  # nosec B608
        )
        found: Newest = cursor.fetchone()
    return found
