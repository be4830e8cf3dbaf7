"""Uploaded files: under random names, in one folder for each kind, where no web server serves them."""

import os
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings

from . import whole_file


def store(folder: str, content: bytes) -> str:
    """Save the file and return its random name. It is on the disk (fsynced) before this returns."""
    name = secrets.token_hex(16)
    path = _folder_path(folder)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with whole_file.removed_unless_whole(path / name), os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return name


def load(folder: str, name: str) -> bytes:
    """The file's content. Raises FileNotFoundError."""
    return (_folder_path(folder) / name).read_bytes()


def delete(folder: str, name: str) -> None:
    """Delete the file; a missing one is no error."""
    (_folder_path(folder) / name).unlink(missing_ok=True)


def names_older_than(folder: str, moment: datetime) -> list[str]:
    """The names of the folder's files that were written before that moment."""
    path = _folder_path(folder)
    files = path.iterdir() if path.is_dir() else ()
    return [file.name for file in files if file.stat().st_mtime < moment.timestamp()]


def _folder_path(folder: str) -> Path:
    return Path(settings.PRIVATE_FILES) / folder
