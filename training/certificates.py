"""Certificates as files: what they are is read from their content, whatever their name says."""

import io

from peersupport.core import private_files
from peersupport.core.errors import Refused

FOLDER = "certificates"
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000  # a sheet of paper at 600 dots an inch is 34 million; opened, each takes four bytes
TYPES = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}
NONE_OF_THEM = "This is no PDF, PNG or JPEG that can be opened, whatever its name says."
TOO_LARGE = "This picture has more than 40 million pixels. Please save it smaller, or as a PDF."
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
        if content.startswith(private_files.PDF_STARTS) and not private_files.is_locked_pdf(content):
            return "pdf"
    except Refused:
        raise
    except Exception as broken:  # whatever the library that reads it raises, it cannot be opened
        raise Refused(NONE_OF_THEM) from broken
    raise Refused(NONE_OF_THEM)


def store(content: bytes) -> tuple[str, str]:
    """Random name and kind. The file is on the disk before this returns."""
    kind = kind_of(content)
    return private_files.store(FOLDER, content), kind


def load(name: str) -> bytes:
    """Raises FileNotFoundError for a certificate that is not there."""
    return private_files.load(FOLDER, name)


def forget(name: str) -> None:
    private_files.forget(FOLDER, name)


def _open_picture(content: bytes, kind: str) -> None:
    from PIL import Image  # only who reads a picture loads it

    try:
        with Image.open(io.BytesIO(content), formats=[kind.upper()]) as image:
            if image.width * image.height > MOST_PIXELS:  # known before a single one is unpacked
                raise Refused(TOO_LARGE)
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(TOO_LARGE) from None
