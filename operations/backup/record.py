"""When the last backup was made, and where it is: for whoever looks after the machine."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

FILE = "last-backup.json"


@dataclass(frozen=True)
class LastBackup:
    at: datetime
    file: Path


def write(home: Path, *, at: datetime, file: Path) -> None:
    new = home / f".{FILE}.new"
    with open(new, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
        json.dump({"at": at.isoformat(), "file": str(file)}, out)
    new.replace(home / FILE)


def last(home: Path) -> LastBackup | None:
    """None where no backup was made, or the note of it is damaged."""
    try:
        noted = json.loads((home / FILE).read_text())
        return LastBackup(datetime.fromisoformat(noted["at"]), Path(noted["file"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
