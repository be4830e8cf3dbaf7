"""Where every open request stands: opened once for each change, and not once for each look.

A process remembers the outline of a request under its row's id and stamp, which is new at each write: while the key's
file stands, and half a minute longer at most (docs/decisions/0782-what-a-process-remembers.md).
"""

import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from peersupport.sealing import envelope, keyring

from ..domain.half_hours import half_hour_of
from ..domain.outline import Outline, outline_of
from ..domain.routing import Routing
from ..models import Request
from .unsealing import log_damage, unseal

LOOKED_THROUGH_EVERY = 30.0  # seconds
# Seconds. Whoever writes over a row or a key and leaves its stamp is found out by then.
OPENED_AGAIN_AFTER = 15 * 60  # and up to twice as much
READ_AT_ONCE = 500

Version = str  # a row's id and its stamp, in hexadecimal digits
ID_DIGITS = 32


@dataclass(frozen=True)
class Remembered:
    """What a process keeps of one request. until: by the monotonic clock; then it is opened again."""

    id: UUID
    key_id: str
    outline: Outline
    until: float


@dataclass(frozen=True)
class Look:
    """What was there at one look, of all that opens. with_peer: those of them that somebody has accepted."""

    kept: Mapping[Version, Remembered] = field(default_factory=dict)
    with_peer: Mapping[Version, Outline] = field(default_factory=dict)

    @cached_property
    def outlines(self) -> Mapping[UUID, Outline]:
        return dict(map(attrgetter("id", "outline"), self.kept.values()))

    def changed(self, gone: Iterable[Version], found: Mapping[Version, Remembered]) -> "Look":
        kept, with_peer = {**self.kept}, {**self.with_peer}
        for version in gone:
            kept.pop(version, None)
            with_peer.pop(version, None)
        accepted = {version: each.outline for version, each in found.items() if each.outline.peer_id is not None}
        return Look({**kept, **found}, with_peer | accepted)

    def over(self) -> list[Version]:
        """Those whose key isn't whole any more, and those to be opened again. Raises KeyringUnavailable."""
        lost, now = keyring.not_whole({each.key_id for each in self.kept.values()}), time.monotonic()
        return [version for version, each in self.kept.items() if each.until < now or each.key_id in lost]


@dataclass(frozen=True)
class OpenNow:
    """All rows there are.

    erased: the ids of rows whose key is gone, which is what erased means. unreadable: the ids of rows that are damaged,
    or sealed under another host secret.
    """

    look: Look
    erased: Sequence[UUID] = ()
    unreadable: Sequence[UUID] = ()

    @property
    def outlines(self) -> Mapping[UUID, Outline]:
        """Of those that open, by id."""
        return self.look.outlines

    def contacts(self, now: datetime) -> Counter[int]:
        """How many contacts count toward the cap of each member, by id."""
        half_hour, with_peer = half_hour_of(now), self.look.with_peer.values()
        return Counter(each.peer_id for each in with_peer if each.peer_id and each.counts_toward_cap(half_hour))


_last = Look()
_written: dict[Version, Remembered] = {}  # by this process, and perhaps not looked at yet
_looked_over = 0.0  # by the monotonic clock
_changing = threading.Lock()
_timer: threading.Timer | None = None


def open_now() -> OpenNow:
    """Where every open request stands. Takes one statement, and opens what has changed.

    Raises KeyringUnavailable. A request whose key was destroyed while its row stays is missed within a second.
    """
    _look_over()
    look = _last  # before the rows are read: what it has and they lack is gone
    versions = _versions()
    gone, missing = look.kept.keys() - versions, versions.difference(look.kept)
    found = {version: each for version in missing if (each := _written.get(version))}
    opened, erased, unreadable = _opened(missing.difference(found))
    found |= opened
    if gone or found:
        look = look.changed(gone, found)
        _change(gone, found)
    return OpenNow(look, erased, unreadable)


def remember(row: Request, routing: Routing) -> None:
    """Spare the next look the opening of what this process stores in the caller's transaction."""
    _written[_version_of(row)] = _remembered(row, routing)
    with _changing:
        _watch()


def drop(request_id: UUID) -> None:
    """Whoever couldn't open it just now: it isn't what it was when it was remembered."""
    _change([version for version, each in _last.kept.items() if each.id == request_id], {})


def forget() -> None:
    """Drop all that is remembered."""
    global _changing, _last, _timer
    if _timer is not None:
        _timer.cancel()
    _written.clear()
    _changing, _last, _timer = threading.Lock(), Look(), None


os.register_at_fork(after_in_child=forget)


def _versions() -> frozenset[Version]:
    """In one row: Python's driver for SQLite lets all other threads have a turn before each, which takes longer."""
    table = Request._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT string_agg(replace(id::text, '-', '') || encode(stamp, 'hex'), ' ') FROM {table}"  # noqa: S608  # nosec B608
            )
        else:
            cursor.execute(f"SELECT group_concat(id || lower(hex(stamp)), ' ') FROM {table}")  # noqa: S608  # nosec B608
        (together,) = cursor.fetchone()
    return frozenset((together or "").split())


def _version_of(row: Request) -> Version:
    return row.id.hex + bytes(row.stamp).hex()


def _remembered(row: Request, routing: Routing) -> Remembered:
    until = time.monotonic() + OPENED_AGAIN_AFTER + secrets.randbelow(OPENED_AGAIN_AFTER)  # not all at once
    return Remembered(row.id, row.key_id, outline_of(routing), until)


def _look_over() -> None:
    """Once a second: forget what has no key any more, and what is to be opened again."""
    global _looked_over
    if time.monotonic() - _looked_over >= settings.KEYS_LISTED_EVERY_SECONDS:
        if over := _last.over():
            _change(over, {})
        _looked_over = time.monotonic()


def _opened(versions: Collection[Version]) -> tuple[dict[Version, Remembered], list[UUID], list[UUID]]:
    """These rows as they are now; the ids of those whose key is gone, and of those that don't open."""
    found, erased, unreadable = dict[Version, Remembered](), list[UUID](), list[UUID]()
    row_ids = [Request._meta.pk.get_db_prep_value(UUID(version[:ID_DIGITS]), connection) for version in versions]
    for start in range(0, len(row_ids), READ_AT_ONCE):
        for row in _rows(row_ids[start : start + READ_AT_ONCE]):
            try:
                request = unseal(row)
            except keyring.KeyringUnavailable:
                raise
            except (envelope.CannotOpen, OSError):
                log_damage()
                unreadable.append(row.id)
                continue
            if request is None:
                erased.append(row.id)
            else:
                found[_version_of(row)] = _remembered(row, request.routing)
    return found, erased, unreadable


def _rows(row_ids: Sequence[Any]) -> Iterator[Request]:
    """In words of SQL, as in queries/marks.py."""
    places, table = ", ".join(["%s"] * len(row_ids)), Request._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, key_id, stamp, routing FROM {table} WHERE id IN ({places})", row_ids)  # noqa: S608  # nosec B608
        rows = cursor.fetchall()
    for id_, key_id, stamp, routing in rows:
        yield Request(id=UUID(str(id_)), key_id=key_id, stamp=stamp, routing=routing)


def _change(gone: Iterable[Version], found: Mapping[Version, Remembered]) -> None:
    """Remember it; other threads may have found something else meanwhile."""
    global _last
    with _changing:
        for version in gone:
            _written.pop(version, None)
        _last = _last.changed(gone, found)
        _watch()


def _watch() -> None:
    """See to it that what is remembered is looked through, whether or not anybody looks at a page."""
    global _last, _timer
    if _timer is None and (_last.kept or _written):
        timer = threading.Timer(LOOKED_THROUGH_EVERY, _look_through)
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError:  # no thread can be started, and nobody who asks for help is to pay for that
            _last = Look()
            _written.clear()
        else:
            _timer = timer


def _look_through() -> None:
    """Forget each request whose key is gone; all of them, where nobody can say."""
    global _last, _timer
    with _changing:
        _written.clear()
        try:
            _last = _last.changed(_last.over(), {})
        except OSError:
            _last = Look()
        _timer = None
        _watch()
