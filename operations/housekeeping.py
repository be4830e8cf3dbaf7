"""What the framework leaves lying about, tidied up."""

from datetime import datetime

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection


def forget_expired_cache_entries(*, now: datetime) -> None:
    """A cache in the database keeps what has expired until it is full; some of it says that somebody signed in."""
    cache = caches["default"]
    if isinstance(cache, DatabaseCache):
        table = connection.ops.quote_name(cache._table)  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            expired_before = connection.ops.adapt_datetimefield_value(now)
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [expired_before])  # noqa: S608


def empty_write_ahead_log() -> None:
    """SQLite's log keeps each transaction until it is overwritten: in their order, and with who was told of what."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
