"""Room that is kept for erasing: SQLite needs some to delete a row, and a full disk must keep no officer from closing.

A file beside the database. It is given back when the disk is full, and made anew once there is room.
"""

import os
import shutil
from pathlib import Path

from django.db import connection

RESERVE_BYTES = 1 << 20


def keep() -> None:
    """Make it, unless it is there or would itself fill the disk."""
    file = _file()
    if file is None or file.exists() or shutil.disk_usage(file.parent).free < 4 * RESERVE_BYTES:
        return
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.posix_fallocate(descriptor, 0, RESERVE_BYTES)
    finally:
        os.close(descriptor)


def give_back() -> bool:
    """Whether there was one, and so is some room now."""
    file = _file()
    if file is None or not file.exists():
        return False
    file.unlink(missing_ok=True)  # another process may be doing the same
    return True


def _file() -> Path | None:
    """None where the database isn't a file of this machine."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined]
        return None
    return Path(f"{connection.settings_dict['NAME']}-reserve")
