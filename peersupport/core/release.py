"""Which program this is: its version, and a fingerprint of its files."""

import hashlib
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What runs. Tests, documents and everything that a checkout holds besides are not part of it.
PARTS = (
    "manage.py", "pyproject.toml", "requirements.txt", "applications", "dashboard", "operations", "peersupport",
    "requests_app", "static", "stats", "templates", "training",
)  # fmt: skip


@cache
def version() -> str:
    """Such as "1.2.0", from pyproject.toml."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


@cache
def fingerprint() -> str:
    """Of the files as they were when this process first asked: 16 hex digits, the start of a SHA-256."""
    listed = "".join(f"{digest}  {name}\n" for name, digest in digests())
    return hashlib.sha256(listed.encode()).hexdigest()[:16]


def digests() -> Iterator[tuple[str, str]]:
    """Each file by its path from the root, sorted, with the hex SHA-256 of its content."""
    for path in sorted(file for part in PARTS for file in _files(ROOT / part)):
        yield path.relative_to(ROOT).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    else:
        yield from (file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
