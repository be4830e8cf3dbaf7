"""The databases that a backup needs besides the program's own: one that reads it at one moment, and one in memory."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from operations.upgrade import schema

SNAPSHOT, COPY = "snapshot", "copy"
IN_MEMORY = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}


@contextmanager
def snapshot() -> Iterator[str]:
    """The alias of a second connection that sees the database as it is now, while others go on writing."""
    settings = connections[DEFAULT_DB_ALIAS].settings_dict
    options = dict(settings["OPTIONS"])
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        from psycopg import IsolationLevel

        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    else:
        options["transaction_mode"] = "DEFERRED"  # the program's own transactions lock out writers from the start
    with _opened(SNAPSHOT, {**settings, "OPTIONS": options}), transaction.atomic(using=SNAPSHOT):
        yield SNAPSHOT


@contextmanager
def in_memory(content: bytes | None = None) -> Iterator[str]:
    """The alias of a SQLite database that never touches the disk, with today's tables.

    content: what a backup has, of an earlier version perhaps; it is migrated to today's.
    """
    start = _newly_migrated() if content is None else content
    with _opened(COPY, IN_MEMORY):
        _fill(start)
        if schema.pending(COPY):
            call_command("migrate", database=COPY, verbosity=0, interactive=False)
        yield COPY


@cache
def _newly_migrated() -> bytes:
    with _opened(COPY, IN_MEMORY):
        call_command("migrate", database=COPY, verbosity=0, interactive=False)
        return serialized(COPY)


def serialized(alias: str) -> bytes:
    """All of a database in memory, as the file that SQLite would write."""
    connections[alias].ensure_connection()
    return bytes(connections[alias].connection.serialize())


def has_table(name: str) -> bool:
    """Whether the program's database has this table."""
    return name in connections[DEFAULT_DB_ALIAS].introspection.table_names()


def applied_migrations(content: bytes) -> list[tuple[str, str]]:
    """App and name of each migration of a backup."""
    source = sqlite3.connect(":memory:")
    try:
        source.deserialize(content)
        return source.execute("SELECT app, name FROM django_migrations").fetchall()
    finally:
        source.close()


def _fill(content: bytes) -> None:
    # Copied over, because a deserialized database can't grow as a migration needs it.
    source = sqlite3.connect(":memory:")
    try:
        source.deserialize(content)
        connections[COPY].ensure_connection()
        source.backup(connections[COPY].connection)
    finally:
        source.close()


@contextmanager
def _opened(alias: str, settings: dict[str, Any]) -> Iterator[None]:
    """A connection of this thread alone, under a name that the program's settings don't have."""
    connections[alias] = ConnectionHandler({DEFAULT_DB_ALIAS: {}, alias: settings})[alias]
    try:
        yield
    finally:
        BaseDatabaseWrapper.close(connections[alias])  # SQLite's own refuses to close one in memory
        del connections[alias]
