"""Looks through a PDF without changing it. Only in the sandbox: nothing here bounds time or memory."""

import io
from collections.abc import Iterable

import pypdf.filters  # noqa: F401  # nothing can be loaded once a file is read
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject, StreamObject

from peersupport.core.sentences import gettext_noop as _

from ..errors import Refused

UNREADABLE = _("We couldn't open this PDF. Please save it as a PDF again.")
LOCKED = _("This PDF is locked with a password. Please save it without one.")
NOT_JUST_PAPER = _(
    "This PDF has a script, a form or another file inside. Please print it to a new PDF, and choose that."
)
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/OnInstantiate", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
ACTIVE_KINDS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/Movie"})
ACTIVE_ANNOTATIONS = frozenset({"/Movie", "/RichMedia"})
KEYS_OF_AN_OTHER_FILE = frozenset({"/F", "/Ref"})  # of a stream: its bytes are elsewhere
AUTOMATIC = ("/OpenAction", "/NA", "/PA")  # on opening, and on leaving and reaching a page of a presentation
AUTOMATIC_GROUP = "/AA"  # on events: a page is seen, the pointer is over something
WITHIN_THE_PDF = frozenset({"/GoTo", "/Named"})  # turning to a page, printing


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
    if isinstance(found, StreamObject) and not KEYS_OF_AN_OTHER_FILE.isdisjoint(found):
        return True
    return (
        not ACTIVE_KEYS.isdisjoint(found)
        or _name(found, "/S") in ACTIVE_KINDS
        or _name(found, "/Subtype") in ACTIVE_ANNOTATIONS
        or any(_name(action, "/S") not in WITHIN_THE_PDF for action in _automatic_actions(found))
    )


def _name(found: DictionaryObject, key: str) -> str:
    """Also where it stands elsewhere in the file. Empty for what is no name."""
    value = _resolved(found.get(key))
    return str(value) if isinstance(value, NameObject) else ""


def _resolved(value: PdfObject | None) -> PdfObject | None:
    """What stands elsewhere in the file, if it does. pypdf refuses a reference to a reference."""
    return None if value is None else value.get_object()


def _automatic_actions(found: DictionaryObject) -> Iterable[DictionaryObject]:
    """What happens without a click, and then what follows it (`/Next`). A link that one clicks isn't among it."""
    group = _resolved(found.get(AUTOMATIC_GROUP))
    waiting = [found.get(key) for key in AUTOMATIC]
    waiting += list(group.values()) if isinstance(group, DictionaryObject) else []
    seen = set[int]()
    while waiting:
        action = _resolved(waiting.pop())
        if isinstance(action, ArrayObject):
            waiting.extend(action)
        elif isinstance(action, DictionaryObject) and id(action) not in seen:
            seen.add(id(action))
            if "/S" in action:  # else it is a page to turn to
                yield action
            waiting.append(action.get("/Next"))


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
