"""A Typst template and its data become a PDF: tagged (PDF/UA-1), and the same bytes each time. Pure."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

PDF_TYPE = "application/pdf"
COMMON = Path(__file__).with_suffix(".typ")
PRINTABLE_RANGES = (range(0x20, 0x370), range(0x400, 0x500), range(0x1E00, 0x1F00))  # Latin, Cyrillic, Vietnamese
PRINTABLE_MARKS = frozenset("–—‘’“”…·•●◐○\u00a0")


def to_pdf(template: Path, data: Mapping[str, Any], *, parts: Sequence[Path] = ()) -> bytes:
    """The template filled with the data, which it finds under the name `data`; none of it is read as markup.

    data: JSON-like values, with at least "title" and "agency". parts: more Typst files with definitions that several
    templates share. Reads no clock, no font of this machine and no network, so that equal data gives equal bytes.
    """
    return _compile((COMMON, *parts, template), json.dumps(_printable(data), ensure_ascii=False))


@lru_cache(maxsize=16)
def _compile(files: tuple[Path, ...], data: str) -> bytes:
    import typst  # slow to load

    pdf = typst.compile(
        b"".join(file.read_bytes() for file in files),
        format="pdf",
        sys_inputs={"data": data},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no single file")
    return pdf


def _printable(value: Any) -> Any:
    """The value with each character that the built-in font lacks as a question mark: one would stop the whole file."""
    if isinstance(value, str):
        return "".join(_printable_character(character) for character in unicodedata.normalize("NFC", value))
    if isinstance(value, Mapping):
        return {name: _printable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value


def _printable_character(character: str) -> str:
    if character in PRINTABLE_MARKS:
        return character
    if character.isspace():
        return " "
    has_glyph = character.isprintable() and any(ord(character) in span for span in PRINTABLE_RANGES)
    return character if has_glyph else "?"
