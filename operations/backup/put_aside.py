"""A damaged SQLite database, moved out of the way of a restore: kept for a day, so that nothing is lost by mistake.

It holds what the database held: sealed rows, and the team's records.
"""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from django.db import connection

from operations import erasing
from peersupport.core import whole_file
from peersupport.core.errors import Refused

FOLDER = "damaged-database"
KEPT_FOR = timedelta(hours=24)
PARTS = ("-wal", "-shm", "-journal", "")  # the database last: until then the next run finds it damaged again


def is_needed() -> bool:
    """Whether the database is a file that can't be read, or is gone and has left its log. Raises Refused if locked."""
    file = _database()
    if file is None:
        return False
    if not file.exists():
        return any(_part(file, part).exists() for part in PARTS)
    try:
        with closing(sqlite3.connect(file)) as database:
            return database.execute("PRAGMA quick_check").fetchone() != ("ok",)
    except sqlite3.OperationalError as error:
        raise Refused(f"{file} can't be opened ({error.sqlite_errorname}). Check its owner, and who uses it.") from None
    except sqlite3.DatabaseError:
        return True


def move() -> None:
    """Into a folder of its own, beside its place; what was put there before stays, each under its number."""
    file, folder = _database(), folder_of_it()
    assert file is not None and folder is not None  # noqa: S101  # is_needed said so
    folder.mkdir(mode=0o700, exist_ok=True)
    numbered = f"{file.name}.{len(list(folder.glob('*[0-9]'))) + 1}"
    for name in PARTS:
        part = _part(file, name)
        if part.exists():
            part.chmod(0o600)
            part.rename(folder / f"{numbered}{name}")
    whole_file.sync(folder)
    whole_file.sync(file.parent)


def folder_of_it() -> Path | None:
    """Where it is or would be; None where the database is no file."""
    file = _database()
    return file.parent / FOLDER if file else None


def erase_expired() -> None:
    """Raises OSError."""
    folder = folder_of_it()
    if folder is not None and erasing.is_older(folder, KEPT_FOR):
        erasing.empty(folder)


def _database() -> Path | None:
    """None where it is no file."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined]
        return None
    return Path(connection.settings_dict["NAME"])


def _part(file: Path, part: str) -> Path:
    return file.with_name(f"{file.name}{part}")
