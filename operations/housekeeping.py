"""Cleaning up after the framework."""

from django.db import connection


def empty_write_ahead_log() -> None:
    """SQLite's log keeps transactions until they are overwritten: in order, and with who was notified."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
