"""Cleaning up after the framework."""

from datetime import datetime

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection


def forget_expired_cache_entries(*, now: datetime) -> None:
    """Delete them at once: a database cache keeps them until it is full, and some tell that somebody signed in."""
    cache = caches["default"]
    if isinstance(cache, DatabaseCache):
        table = connection.ops.quote_name(cache._table)  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            expired_before = connection.ops.adapt_datetimefield_value(now)
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [expired_before])  # noqa: S608  # nosec B608


def empty_write_ahead_log() -> None:
    """SQLite's log keeps transactions until they are overwritten: in order, and with who was notified."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
