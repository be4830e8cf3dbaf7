"""Folders of files that hold sealed rows for a while, and have to go."""

import os
import time
from datetime import timedelta
from pathlib import Path

from peersupport.core import whole_file

CHUNK = 1024 * 1024


def is_older(folder: Path, age: timedelta) -> bool:
    """Whether it is there, and nothing was put into it or taken out for so long."""
    return folder.is_dir() and folder.stat().st_mtime <= time.time() - age.total_seconds()


def empty(folder: Path) -> None:
    """Overwrite and remove its files, and then the folder itself. Raises OSError."""
    if folder.is_dir():
        for path in folder.iterdir():
            _overwrite(path)
            path.unlink()
        folder.rmdir()
        whole_file.sync(folder.parent)


def _overwrite(path: Path) -> None:
    left = path.stat().st_size
    with path.open("r+b") as file:
        while left:
            left -= file.write(bytes(min(CHUNK, left)))
        file.flush()
        os.fsync(file.fileno())
