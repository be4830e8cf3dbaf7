"""When the last backup was made, and where it is: for whoever looks after the machine."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from peersupport.core import whole_file

FILE = "last-backup.json"


@dataclass(frozen=True)
class LastBackup:
    at: datetime
    file: Path


def write(folder: Path, *, at: datetime, file: Path) -> None:
    whole_file.write(folder / FILE, json.dumps({"at": at.isoformat(), "file": str(file)}))


def last(*folders: Path) -> LastBackup | None:
    """The latest that is noted in one of these."""
    found = [noted for folder in folders if (noted := _noted(folder))]
    return max(found, key=lambda each: each.at, default=None)


def _noted(folder: Path) -> LastBackup | None:
    """None where no backup was made, or the note of it is damaged."""
    try:
        noted = json.loads((folder / FILE).read_text())
        return LastBackup(datetime.fromisoformat(noted["at"]), Path(noted["file"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
