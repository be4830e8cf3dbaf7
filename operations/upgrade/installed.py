"""Which program last prepared this home."""

import json
from pathlib import Path

from peersupport.core import release, whole_file

FILE = "installed.json"


def record(home: Path) -> None:
    whole_file.write(home / FILE, json.dumps(_current()))


def is_current(home: Path) -> bool:
    return _read(home) == _current()


def said_from(home: Path) -> str:
    """Such as "From 1.2.0"; a new host's home, and one of a version that recorded nothing, have none."""
    return f"From {found}" if (found := _read(home).get("version")) else "From no version that is recorded here"


def _current() -> dict[str, str]:
    return {"version": release.version(), "fingerprint": release.fingerprint()}


def _read(home: Path) -> dict[str, str]:
    try:
        found = json.loads((home / FILE).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
