"""Paper: a template and what it says become a PDF, tagged (PDF/UA) and the same bytes each time. Pure."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

PDF_TYPE = "application/pdf"
COMMON = Path(__file__).with_suffix(".typ")


def to_pdf(template: Path, said: Mapping[str, Any], *, parts: Sequence[Path] = ()) -> bytes:
    """template finds as `said` what is given here, with at least title and agency; none of it is read as markup.

    parts: files that define what the template prints. It shares them with others.

    No clock, no font of this machine, no network: what says the same is the same file.
    """
    return _compiled((COMMON, *parts, template), json.dumps(_printable(said), ensure_ascii=False))


@lru_cache(maxsize=16)
def _compiled(files: tuple[Path, ...], said: str) -> bytes:
    pdf = typst.compile(
        b"".join(file.read_bytes() for file in files),
        format="pdf",
        sys_inputs={"said": said},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no single file")
    return pdf


def _printable(said: Any) -> Any:
    """A letter that the built-in type does not have would stop the file: it is printed as a question mark."""
    if isinstance(said, str):
        return "".join(_printable_letter(letter) for letter in unicodedata.normalize("NFC", said))
    if isinstance(said, Mapping):
        return {name: _printable(each) for name, each in said.items()}
    if isinstance(said, list | tuple):
        return [_printable(each) for each in said]
    return said


def _printable_letter(letter: str) -> str:
    if letter.isspace() and letter not in MARKS:
        return " "
    has_type = letter in MARKS or (letter.isprintable() and any(ord(letter) in letters for letters in LETTERS))
    return letter if has_type else "?"


LETTERS = (range(0x20, 0x370), range(0x400, 0x500), range(0x1E00, 0x1F00))  # Latin, Cyrillic, Vietnamese
MARKS = frozenset("–—‘’“”…·•●◐○\u00a0")
