"""Résumés as files: a PDF by its content, of one name, that opens without a password."""

from datetime import datetime
from pathlib import PurePath

from peersupport.core import private_files
from peersupport.core.errors import Refused

FOLDER = "resumes"
MOST_BYTES = 5 * 1024 * 1024
NO_PDF = "This is no PDF that can be opened, whatever its name says. Please save your résumé as a PDF once more."
# What a file must not be called beside ".pdf": the name would say two things.
OTHER_KINDS = frozenset(
    {"apk", "app", "bat", "cmd", "com", "doc", "docm", "docx", "exe", "gif", "hta", "htm", "html", "iso", "jar", "jpeg",
     "jpg", "js", "lnk", "msi", "pdf", "php", "png", "ps1", "py", "rtf", "scr", "sh", "svg", "url", "vbs", "xml", "zip"}
)  # fmt: skip


def check(content: bytes, file_name: str) -> None:
    """Raises Refused, with the reason, for what is no résumé."""
    suffixes = [suffix.lstrip(".").lower() for suffix in PurePath(file_name).suffixes]
    if any(suffix in OTHER_KINDS for suffix in suffixes[:-1]):
        raise Refused(f"This file has two names in one: {file_name[-60:]}. Please call it something like resume.pdf.")
    if not content:
        raise Refused("This file is empty.")
    if len(content) > MOST_BYTES:
        raise Refused("A résumé is at most 5 MB.")
    if not content.startswith(private_files.PDF_STARTS) or suffixes[-1:] != ["pdf"]:
        raise Refused(NO_PDF)
    try:
        is_locked = private_files.is_locked_pdf(content)
    except Exception as broken:  # whatever the library that reads it raises, it cannot be opened
        raise Refused(NO_PDF) from broken
    if is_locked:
        raise Refused("This PDF is locked with a password. Please save it without one.")


def store(content: bytes) -> str:
    return private_files.store(FOLDER, content)


def load(name: str) -> bytes:
    """Raises FileNotFoundError for a résumé that is not there."""
    return private_files.load(FOLDER, name)


def forget(name: str) -> None:
    private_files.forget(FOLDER, name)


def written_before(moment: datetime) -> list[str]:
    return private_files.written_before(FOLDER, moment)
