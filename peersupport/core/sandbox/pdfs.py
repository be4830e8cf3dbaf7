"""Looks through a PDF without changing it. Only in the sandbox: nothing here bounds time or memory."""

import io
from collections.abc import Iterable

import pypdf.filters  # noqa: F401  # nothing can be loaded once a file is read
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject

from peersupport.core.sentences import gettext_noop as _

from ..errors import Refused

UNREADABLE = _("We couldn't open this PDF. Please save it as a PDF again.")
LOCKED = _("This PDF is locked with a password. Please save it without one.")
NOT_JUST_PAPER = _(
    "This PDF has a script, a form or another file inside. Please print it to a new PDF, and choose that."
)
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
ACTIVE_KINDS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/Movie"})


def read(content: bytes, arguments: list[str]) -> tuple[object, bytes]:
    """How many pages it has. Refuses one that is locked, empty, or does more than a sheet of paper does."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise Refused(LOCKED)
        pages = len(reader.pages)
        if not pages:
            raise Refused(UNREADABLE)
        if any(_is_active(found) for found in _dictionaries(reader.trailer)):
            raise Refused(NOT_JUST_PAPER)
    except (Refused, MemoryError):
        raise
    except Exception as error:  # whatever the PDF library raises, the file can't be opened
        raise Refused(UNREADABLE) from error
    return pages, b""


def _is_active(found: DictionaryObject) -> bool:
    return not ACTIVE_KEYS.isdisjoint(found) or found.get("/S") in ACTIVE_KINDS


def _dictionaries(start: DictionaryObject) -> Iterable[DictionaryObject]:
    """Every dictionary that can be reached, each once."""
    waiting: list[PdfObject | None] = [start]
    seen: set[tuple[int, int]] = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            if (found.idnum, found.generation) not in seen:
                seen.add((found.idnum, found.generation))
                waiting.append(found.get_object())
        elif isinstance(found, DictionaryObject):
            yield found
            waiting.extend(found.values())
        elif isinstance(found, ArrayObject):
            waiting.extend(found)
