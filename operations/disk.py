"""Room for what is about to be written."""

import shutil
from pathlib import Path

from peersupport.core.errors import Refused

MEGABYTE = 1_000_000


def check_room(folder: Path, needed: int, *, what: str) -> None:
    """needed: bytes. Raises Refused where they are not free in this folder, or in the nearest one above it."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free
    if needed > free:
        raise Refused(
            f"{what} needs {-(-needed // MEGABYTE)} MB in {folder}, and {free // MEGABYTE} are free. Make room first."
        )
