"""Files that somebody uploaded: random names, one folder for each kind, where no web server serves them."""

import io
import os
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings

PDF_STARTS = b"%PDF-"


def store(folder: str, content: bytes) -> str:
    """The random name. The file is on the disk before this returns."""
    name = secrets.token_hex(16)
    place = _place(folder)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(place / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return name


def load(folder: str, name: str) -> bytes:
    """Raises FileNotFoundError for a file that is not there."""
    return (_place(folder) / name).read_bytes()


def forget(folder: str, name: str) -> None:
    (_place(folder) / name).unlink(missing_ok=True)


def written_before(folder: str, moment: datetime) -> list[str]:
    """The names of the files in the folder that are older."""
    place = _place(folder)
    files = place.iterdir() if place.is_dir() else ()
    return [file.name for file in files if file.stat().st_mtime < moment.timestamp()]


def is_locked_pdf(content: bytes) -> bool:
    """Whether a PDF needs a password. Raises whatever pypdf does for what cannot be read, and for one without pages."""
    from pypdf import PdfReader  # only who reads a PDF loads it

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        return True
    if len(reader.pages) < 1:
        raise ValueError("no page")
    return False


def _place(folder: str) -> Path:
    return Path(settings.PRIVATE_FILES) / folder
