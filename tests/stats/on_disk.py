"""The test database as a file, with a real one's settings, so that commits are permanent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections

__all__ = ["on_disk"]


@pytest.fixture
def on_disk(db: None, tmp_path: Path) -> Iterator[Path]:
    """The path of the file, a copy of the migrated database that needs no cleanup afterwards."""
    file, original = tmp_path / "peersupport.sqlite3", connections["default"]
    file.write_bytes(original.connection.serialize())
    connections["default"] = connections.create_connection("default")
    connections["default"].settings_dict = {**original.settings_dict, "NAME": str(file)}
    try:
        yield file
    finally:
        connections["default"].close()
        connections["default"] = original


def dump(file: Path) -> bytes:
    """The whole file, with the write-ahead log merged into it."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file.read_bytes()
