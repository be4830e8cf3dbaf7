"""Where every open request stands: opened once for each change, and not once for each look.

A process remembers the outline of a request under its row's id and stamp, which is new at each write: while the key's
file stands, and half a minute longer at most (docs/decisions/0782-what-a-process-remembers.md).
"""

import os
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from peersupport.sealing import envelope, keyring

from ..domain.half_hours import half_hour_of
from ..domain.outline import Outline, outline_of
from ..models import Request
from .unsealing import log_damage, unseal

LOOKED_THROUGH_EVERY = 30.0  # seconds
READ_AT_ONCE = 500

Version = tuple[object, bytes]  # a row's id as the database's driver has it, and its stamp


@dataclass(frozen=True)
class Remembered:
    """What a process keeps of one request."""

    id: UUID
    key_id: str
    outline: Outline


@dataclass(frozen=True)
class OpenNow:
    """All rows there are.

    outlines: of those that open, by id. erased: the ids of rows whose key is gone, which is what erased means.
    unreadable: the ids of rows that are damaged, or sealed under another host secret.
    """

    outlines: Mapping[UUID, Outline]
    erased: Sequence[UUID] = ()
    unreadable: Sequence[UUID] = ()


_memory: dict[Version, Remembered] = {}
_changing = threading.Lock()
_timer: threading.Timer | None = None


def open_now() -> OpenNow:
    """Where every open request stands. Takes one statement and one listing of the keys, and opens what has changed."""
    versions, erased, unreadable = _versions(), list[UUID](), list[UUID]()
    if not versions:
        return OpenNow({})
    now = {version: kept for version in versions if (kept := _memory.get(version))}
    if len(now) < len(versions):
        opened = dict(_opened([id_ for id_, stamp in versions if (id_, stamp) not in now], erased, unreadable))
        now |= opened
        _remember(opened)
    whole = keyring.whole_shred_ids()
    erased += [kept.id for kept in now.values() if kept.key_id not in whole]
    _keep_only(now)
    return OpenNow({kept.id: kept.outline for kept in now.values() if kept.key_id in whole}, erased, unreadable)


def open_contacts(outlines: Mapping[UUID, Outline], now: datetime) -> Counter[int]:
    """How many contacts count toward the cap of each member, by id."""
    half_hour = half_hour_of(now)
    counted = (each.peer_id for each in outlines.values() if each.counts_toward_cap(half_hour))
    return Counter(peer_id for peer_id in counted if peer_id is not None)


def forget() -> None:
    """Drop all that is remembered."""
    global _changing, _timer
    if _timer is not None:
        _timer.cancel()
    _memory.clear()
    _changing, _timer = threading.Lock(), None


os.register_at_fork(after_in_child=forget)


def _versions() -> list[Version]:
    """Read without Django's converters, which would take longer than all else."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, stamp FROM {Request._meta.db_table}")  # noqa: S608  # nosec B608
        return [(id_, bytes(stamp)) for id_, stamp in cursor.fetchall()]


def _opened(row_ids: Sequence[Any], erased: list[UUID], unreadable: list[UUID]) -> Iterator[tuple[Version, Remembered]]:
    """Open these rows, as they are now. Those that don't open are added to one of the two lists."""
    for start in range(0, len(row_ids), READ_AT_ONCE):
        rows = Request.objects.filter(pk__in=row_ids[start : start + READ_AT_ONCE])
        for row in rows.only("key_id", "stamp", "routing"):
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
                continue
            version = Request._meta.pk.get_db_prep_value(row.id, connection), bytes(row.stamp)
            yield version, Remembered(row.id, row.key_id, outline_of(request.routing))


def _remember(opened: Mapping[Version, Remembered]) -> None:
    with _changing:
        _memory.update(opened)
        _watch()


def _keep_only(now: Mapping[Version, Remembered]) -> None:
    """Forget what has another stamp by now, or no row."""
    if len(_memory) > len(now):
        with _changing:
            for version in [version for version in _memory if version not in now]:
                del _memory[version]


def _watch() -> None:
    """See to it that what is remembered is looked through, whether or not anybody looks at a page."""
    global _timer
    if _timer is None and _memory:
        _timer = threading.Timer(LOOKED_THROUGH_EVERY, _look_through)
        _timer.daemon = True
        _timer.start()


def _look_through() -> None:
    """Forget each request whose key is gone; all of them, where nobody can say."""
    global _timer
    try:
        whole = keyring.whole_shred_ids()
    except OSError:
        whole = frozenset()
    with _changing:
        for version in [version for version, kept in _memory.items() if kept.key_id not in whole]:
            del _memory[version]
        _timer = None
        _watch()
