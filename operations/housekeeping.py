"""Cleaning up after the framework and the database."""

from django.db import connection


def empty_write_ahead_log() -> None:
    """SQLite's log keeps transactions until they are overwritten: in order, and with who was notified."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def take_no_samples() -> None:
    """On PostgreSQL, of any column but numbers, also of tables made since: ANALYZE would keep what people typed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT peersupport_no_words()")


def rewrite_tables() -> list[str]:
    """On PostgreSQL, write the rows that are left into new files: what was deleted or changed stays in the old ones.

    Each table in a transaction of its own, so that nobody waits longer than one takes. Returns those that somebody held
    at each of three attempts; the next night finds them. See docs/decisions/0792-postgresql-forgets.md.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return []
    take_no_samples()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' "
            "ORDER BY relname"
        )
        left = [name for (name,) in cursor.fetchall()]
    for _attempt in range(3):
        left = [name for name in left if not _rewrite(name)]
    return left


def _rewrite(table: str) -> bool:
    """Whether there is nothing left to do for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT peersupport_rewrite(%s)", [table])
        return cursor.fetchone()[0] is not False
