"""Certificates as files. Their kind is detected from the content, never from the name."""

import io

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peersupport.core import private_files
from peersupport.core.errors import Refused

FOLDER = "certificates"
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000  # a letter-size page at 600 dpi has 34 million; each takes four bytes of memory
TYPES = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}
UNREADABLE = gettext_lazy("This isn't a PDF, PNG or JPEG that can be opened, whatever its name says.")
TOO_LARGE = gettext_lazy("This picture has more than 40 million pixels. Please save it smaller, or as a PDF.")
PICTURE_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}


def detect_kind(content: bytes) -> str:
    """ "pdf", "png" or "jpeg". Raises Refused for anything else, and for a file that cannot be opened."""
    if not content:
        raise Refused(_("This file is empty."))
    if len(content) > MAX_BYTES:
        raise Refused(_("A certificate can be 10 MB at most."))
    picture = next((kind for start, kind in PICTURE_SIGNATURES.items() if content.startswith(start)), None)
    try:
        if picture:
            _open_picture(content, picture)
            return picture
        if content.startswith(private_files.PDF_SIGNATURE) and not private_files.pdf_needs_password(content):
            return "pdf"
    except Refused:
        raise
    except Exception as broken:  # the parsers raise all kinds of errors for damaged files
        raise Refused(UNREADABLE) from broken
    raise Refused(UNREADABLE)


def store(content: bytes) -> tuple[str, str]:
    """Returns its random name and its kind. The file is on disk before this returns. Raises Refused, as detect_kind."""
    kind = detect_kind(content)
    return private_files.store(FOLDER, content), kind


def load(name: str) -> bytes:
    """Raises FileNotFoundError for a missing certificate."""
    return private_files.load(FOLDER, name)


def delete(name: str) -> None:
    private_files.delete(FOLDER, name)


def _open_picture(content: bytes, kind: str) -> None:
    from PIL import Image  # slow to import; only certificates need it

    try:
        with Image.open(io.BytesIO(content), formats=[kind.upper()]) as image:
            if image.width * image.height > MAX_PIXELS:  # known before any pixel is decoded
                raise Refused(TOO_LARGE)
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(TOO_LARGE) from None
