"""Whether everything that an officer's request needs is there. Answers in codes, without secrets."""

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error, connection, transaction
from django.utils import timezone

from peersupport.notices import queries as notices
from peersupport.notices.domain.channels import Channel
from peersupport.sealing import actions as sealing
from peersupport.sealing import host_secret, installation, keyring
from peersupport.team.domain.states import KeyState
from peersupport.team.queries import member_keys
from peersupport.team.queries.availability import on_call_at
from requests_app.queries import flood, outlines
from stats import queries as stats

from . import queries
from .doctor.domain.places import room_findings
from .doctor.reading import files

OK = "ok"
ROOM, STORED = "room", "stored"
PARTS = ("database", "keyring", ROOM, "worker", "statistics", "on_call", STORED)
FOR_NEW_ONES = {ROOM, STORED}  # without these nothing new is taken, and what is there goes on
# Three missed heartbeats: two, and the two minutes by which the clocks of two hosts may differ.
SILENT_AFTER_SECONDS = 210
LOCK_SECONDS = 2  # a locked database answers by then, or counts as unreachable
_asking = threading.Lock()
_recent: tuple[float, dict[str, str]] | None = None  # of this process: when it was asked, and the answer


@dataclass(frozen=True)
class Health:
    """How everything is: the parts with something wrong and the code of it, and how many of each can't go on."""

    problems: Sequence[tuple[str, str]]
    stuck_notices: Mapping[Channel, int]
    unverified_keys: int
    unreadable_requests: int


def current() -> Health:
    return Health(problems(), stuck_notices(), unverified_keys(), unreadable_requests())


def report(*, earlier_heartbeat: datetime | None = None) -> dict[str, str]:
    """Each part with "ok" or the code of what is wrong with it, several of them separated by commas.

    earlier_heartbeat: the last one before a start, which says nothing about the worker that is started.
    """
    database = _database()
    parts = {"database": database, "keyring": _keyring(database), ROOM: _room()}
    if database != OK:
        return parts
    try:
        with _impatient():
            parts["worker"] = _worker(earlier_heartbeat)
            parts["statistics"] = _statistics()
            parts["on_call"] = _on_call()
            parts[STORED] = "full" if flood.is_full() else OK
    except Error:  # it went away meanwhile, or is locked
        return {"database": "unreachable", "keyring": parts["keyring"], ROOM: parts[ROOM]}
    return parts


def recent_report() -> dict[str, str]:
    """As it was HEALTH_KEPT_SECONDS ago at most: strangers may ask as often as they like."""
    global _recent
    with _asking:
        if _recent is None or time.monotonic() - _recent[0] >= settings.HEALTH_KEPT_SECONDS:
            began = time.monotonic()
            _recent = began, report()
        return _recent[1]


def is_well(report: dict[str, str]) -> bool:
    """Whether pages can be served. Where no more requests are taken, those that are stored must go on."""
    return {code for part, code in report.items() if part not in FOR_NEW_ONES} == {OK}


def problems() -> list[tuple[str, str]]:
    """Each part that something is wrong with, and the code of it."""
    return [(part, code) for part, codes in report().items() for code in codes.split(", ") if code != OK]


def stuck_notices() -> dict[Channel, int]:
    """How many notices of each channel could not be sent for so long that somebody should look."""
    return {channel: notices.stuck(channel).count() for channel in Channel}


def unverified_keys() -> int:
    """How many confirmed member keys don't verify: nothing is sealed to them until they are confirmed again."""
    return list(member_keys.members_with_key_to_confirm().values()).count(KeyState.UNVERIFIED)


def unreadable_requests() -> int:
    """How many open requests can't be opened."""
    return len(outlines.open_now().unreadable)


def _worker(earlier_heartbeat: datetime | None) -> str:
    """A heartbeat of the future is none: it was noted before the clock was set back."""
    last = queries.last_heartbeat()
    if last is None or last == earlier_heartbeat:
        return "silent"
    return OK if abs(timezone.now() - last) <= timedelta(seconds=SILENT_AFTER_SECONDS) else "silent"


def _statistics() -> str:
    """Reports a lost key or damaged counters, which would otherwise look like a year without contacts."""
    problems = {problem.code for problem in stats.problems_by_year().values()}
    return ", ".join(sorted(problems)) or OK


def _on_call() -> str:
    """Reports a stored shift that can't be read: it would stop the matching of every request."""
    try:
        with transaction.atomic():  # PostgreSQL ends a transaction in which a query failed
            on_call_at(timezone.now())
    except (Error, ArithmeticError, ValueError):
        return "unreadable"
    return OK


def _database() -> str:
    try:
        with _impatient(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM team_user LIMIT 1")
    except Error:
        return "unreachable"
    return OK


@contextmanager
def _impatient() -> Iterator[None]:
    """Wait for locks of the database for LOCK_SECONDS at most, and afterwards as long as before."""
    with _impatient_sqlite() if connection.vendor == "sqlite" else _impatient_transaction():
        yield


@contextmanager
def _impatient_sqlite() -> Iterator[None]:
    usual = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"pragma busy_timeout={LOCK_SECONDS * 1000}")
        try:
            yield
        finally:
            with suppress(Error):
                cursor.execute(f"pragma busy_timeout={usual}")


@contextmanager
def _impatient_transaction() -> Iterator[None]:
    """It ends with its transaction: a connection carries nothing on. The last statement is for one around this."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local statement_timeout = {LOCK_SECONDS * 1000}")
        yield
        cursor.execute("set local statement_timeout to default")


def _room() -> str:
    """As `doctor` says it, which has the figures."""
    full = ("disk", "full")
    return "full" if full in {(each.check, each.code) for each in room_findings(files.rooms())} else OK


def _keyring(database: str) -> str:
    try:
        keyring.shred_ids()
        host_secret.check()
        if database == OK:
            sealing.check_keyring(now=timezone.now())
    except host_secret.AnotherHostSecret:
        return "another_host_secret"
    except installation.AnotherKeyring:
        return "another_keyring"
    except (OSError, RuntimeError, Error):
        return "unreachable"
    folder = Path(settings.KEYRING) / "shred"
    return OK if os.access(folder, os.R_OK | os.W_OK | os.X_OK) else "read-only"
