"""Which program last prepared this home."""

import json
from pathlib import Path

from peersupport.core import release, whole_file

FILE = "installed.json"


def record(home: Path) -> None:
    whole_file.write(home / FILE, json.dumps(_current()))


def is_current(home: Path) -> bool:
    return _read(home) == _current()


def version(home: Path) -> str:
    """Such as "1.2.0"; "an unknown version" where nothing was recorded."""
    return str(_read(home).get("version", "an unknown version"))


def _current() -> dict[str, str]:
    return {"version": release.version(), "fingerprint": release.fingerprint()}


def _read(home: Path) -> dict[str, str]:
    try:
        found = json.loads((home / FILE).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
