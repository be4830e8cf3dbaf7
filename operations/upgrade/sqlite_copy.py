"""A copy of a SQLite database, and the way back: both whole or not at all."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from peersupport.core.errors import Refused

NAME = "database.sqlite3"
# The copy, the log of the migrations, and the log of going back, which may stand on one disk.
ROOM_IN_COPIES = 3
WAIT_SECONDS = 20


def room_needed() -> int:
    """Bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0]) * ROOM_IN_COPIES


def check_possible() -> None:
    """Nothing has to be installed for it."""


def save(folder: Path) -> None:
    """Copy what is committed, whether it is in the file or still in its log. Raises Refused if it is damaged."""
    file = folder / NAME
    file.touch(mode=0o600)
    with closing(_open(_database())) as source, closing(_open(file)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        if not _is_sound(target):
            raise Refused("the database is damaged; nothing was changed. Restore it from a backup first.")


def put_back(folder: Path) -> None:
    """One transaction: a process that is killed in it leaves what was there before it."""
    with closing(_open(folder / NAME)) as source, closing(_open(_database())) as target:
        source.backup(target)
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _is_sound(database: sqlite3.Connection) -> bool:
    try:
        return database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return False


def _database() -> Path:
    return Path(connection.settings_dict["NAME"])


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=WAIT_SECONDS)
