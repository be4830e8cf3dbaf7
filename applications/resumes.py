"""Résumés as private files: PDFs by content and by name, without a password."""

from datetime import datetime
from pathlib import PurePath

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peersupport.core import private_files, received_files
from peersupport.core.errors import Refused
from peersupport.core.sandbox import running

FOLDER = "resumes"
MAX_BYTES = 5 * 1024 * 1024
NOT_A_PDF = gettext_lazy("We couldn't open this file as a PDF. Please save your résumé as a PDF again.")
# Extensions that may not precede ".pdf": resume.exe.pdf is refused.
OTHER_EXTENSIONS = frozenset(
    {"apk", "app", "bat", "cmd", "com", "doc", "docm", "docx", "exe", "gif", "hta", "htm", "html", "iso", "jar", "jpeg",
     "jpg", "js", "lnk", "msi", "pdf", "php", "png", "ps1", "py", "rtf", "scr", "sh", "svg", "url", "vbs", "xml", "zip"}
)  # fmt: skip


def check(content: bytes, file_name: str) -> None:
    """Raises Refused, with the reason, for a file that can't be taken as a résumé."""
    suffixes = [suffix.lstrip(".").lower() for suffix in PurePath(file_name).suffixes]
    if any(suffix in OTHER_EXTENSIONS for suffix in suffixes[:-1]):
        name = {"name": file_name[-60:]}
        raise Refused(_("This file has two endings: %(name)s. Please rename it to something like resume.pdf.") % name)
    if not content:
        raise Refused(_("This file is empty."))
    if len(content) > MAX_BYTES:
        raise Refused(_("A résumé can be at most 5 MB."))
    if not content.startswith(received_files.PDF_SIGNATURE) or suffixes[-1:] != ["pdf"]:
        raise Refused(NOT_A_PDF)
    received_files.check_pdf(content, line=running.STRANGERS)


def store(content: bytes) -> str:
    return private_files.store(FOLDER, content)


def load(name: str) -> bytes:
    """Raises FileNotFoundError."""
    return private_files.load(FOLDER, name)


def delete(name: str) -> None:
    private_files.delete(FOLDER, name)


def names_older_than(moment: datetime) -> list[str]:
    return private_files.names_older_than(FOLDER, moment)
