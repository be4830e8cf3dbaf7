"""Certificates as files. Their kind is detected from the content, never from the name."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peersupport.core import private_files, received_files
from peersupport.core.errors import Refused

FOLDER = "certificates"
MAX_BYTES = 10 * 1024 * 1024
PICTURE, PDF = "jpg", "pdf"
# Pictures from before they were made anew; a daily round turns them into the first kind.
EARLIER_PICTURES = ("png", "jpeg")
TYPES = {PDF: "application/pdf", PICTURE: "image/jpeg", "png": "image/png", "jpeg": "image/jpeg"}
NEITHER = gettext_lazy("This isn't a PDF, PNG or JPEG that can be opened, whatever its name says.")


def store(content: bytes) -> tuple[str, str]:
    """Returns its random name and its kind. The file is on disk before this returns.

    A picture is made anew, so that nothing is kept of where, when and by whom it was taken; a PDF stays as it was
    signed. Raises Refused for anything else, and for what can't be opened.
    """
    if not content:
        raise Refused(_("This file is empty."))
    if len(content) > MAX_BYTES:
        raise Refused(_("A certificate can be 10 MB at most."))
    if received_files.picture_format(content):
        return private_files.store(FOLDER, received_files.picture_made_anew(content)), PICTURE
    if not content.startswith(received_files.PDF_SIGNATURE):
        raise Refused(NEITHER)
    received_files.check_pdf(content)
    return private_files.store(FOLDER, content), PDF


def load(name: str) -> bytes:
    """Raises FileNotFoundError for a missing certificate."""
    return private_files.load(FOLDER, name)


def delete(name: str) -> None:
    private_files.delete(FOLDER, name)
