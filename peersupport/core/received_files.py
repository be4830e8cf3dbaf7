"""Pictures and PDFs that people send: read in the sandbox, and pictures made anew."""

from peersupport.core.sentences import gettext_noop as _

from .sandbox import running

PDF_SIGNATURE = b"%PDF-"
PICTURE_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
PICTURES = running.Reader(
    module="peersupport.core.sandbox.pictures",
    too_large=_("This picture is too large to open. Please save it smaller, or as a PDF."),
    cpu_seconds=10,
    memory_bytes=512 * running.MEGABYTE,
    seconds=30,
    answer_bytes=10 * running.MEGABYTE,
)
PDFS = running.Reader(
    module="peersupport.core.sandbox.pdfs",
    too_large=_("This PDF is too large to look through. Please print it to a new PDF, and choose that."),
    cpu_seconds=10,
    memory_bytes=512 * running.MEGABYTE,
    seconds=30,
    answer_bytes=running.MEGABYTE,
)


def picture_format(content: bytes) -> str:
    """ "PNG" or "JPEG", by its first bytes; empty for anything else."""
    return next((name for start, name in PICTURE_SIGNATURES.items() if content.startswith(start)), "")


def picture_made_anew(content: bytes, *, line: running.Line = running.STAFF) -> bytes:
    """A JPEG of the same pixels, upright, at most 3,300 of them long, and nothing else of the file. Raises Refused."""
    return running.read(PICTURES, content, picture_format(content), line=line).content


def check_pdf(content: bytes, *, line: running.Line = running.STAFF) -> None:
    """Raises Refused for a PDF that can't be opened, is locked, or has scripts or other files inside."""
    running.read(PDFS, content, line=line)
