"""The test's database as a file, with the settings of a real one, and every commit on it for good."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections

__all__ = ["on_disk"]


@pytest.fixture
def on_disk(db: None, tmp_path: Path) -> Iterator[Path]:
    """Where the file is. It is a copy of the migrated database, so that nothing has to be taken back afterwards."""
    file, usual = tmp_path / "peersupport.sqlite3", connections["default"]
    file.write_bytes(usual.connection.serialize())
    connections["default"] = connections.create_connection("default")
    connections["default"].settings_dict = {**usual.settings_dict, "NAME": str(file)}
    try:
        yield file
    finally:
        connections["default"].close()
        connections["default"] = usual


def dump(file: Path) -> bytes:
    """The whole file, once everything written ahead is in it."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file.read_bytes()
