"""Certificates as files: what they are is read from their content, and they lie where no web server serves them."""

import io
import os
import secrets
from pathlib import Path

from django.conf import settings

from .refusals import Refused

MOST_BYTES = 10 * 1024 * 1024
TYPES = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}
NONE_OF_THEM = "This is no PDF, PNG or JPEG that can be opened, whatever its name says."
PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}


def kind_of(content: bytes) -> str:
    """pdf, png or jpeg. Raises Refused for anything else, and for a file that is cut short."""
    if not content:
        raise Refused("This file is empty.")
    if len(content) > MOST_BYTES:
        raise Refused("A certificate is at most 10 MB.")
    picture = next((kind for start, kind in PICTURES.items() if content.startswith(start)), None)
    try:
        if picture:
            _open_picture(content, picture)
            return picture
        if content.startswith(b"%PDF-"):
            _open_pdf(content)
            return "pdf"
    except Exception as broken:  # whatever the library that reads it raises, it cannot be opened
        raise Refused(NONE_OF_THEM) from broken
    raise Refused(NONE_OF_THEM)


def store(content: bytes) -> tuple[str, str]:
    """Random name and kind. The file is on the disk before this returns."""
    kind, name = kind_of(content), secrets.token_hex(16)
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return name, kind


def load(name: str) -> bytes:
    """Raises FileNotFoundError for a certificate that is not there."""
    return (_folder() / name).read_bytes()


def forget(name: str) -> None:
    (_folder() / name).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.PRIVATE_FILES) / "certificates"


def _open_picture(content: bytes, kind: str) -> None:
    from PIL import Image  # only who reads a picture loads it

    with Image.open(io.BytesIO(content), formats=[kind.upper()]) as image:
        image.load()


def _open_pdf(content: bytes) -> None:
    from pypdf import PdfReader

    if len(PdfReader(io.BytesIO(content)).pages) < 1:
        raise ValueError("no page")
