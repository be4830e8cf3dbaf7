"""A released report as a PDF: tagged for screen readers (PDF/UA), with its pictures, the same bytes each time. Pure."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import typst

from .pictures import Bar, Picture
from .wording import Wording

TEMPLATE = Path(__file__).with_name("report.typ")
WIDTH, HEIGHT = 200, 9


def to_pdf(wording: Wording) -> bytes:
    """No clock, no font of this machine, no network: what is the same report is the same file."""
    return _compiled(json.dumps(_content(wording), ensure_ascii=False))


@lru_cache(maxsize=16)
def _compiled(content: str) -> bytes:
    pdf = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"report": content},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no single file")
    return pdf


def _content(wording: Wording) -> dict[str, Any]:
    return {
        "title": _set(wording.title),
        "agency": _set(wording.agency),
        "lead": _set(wording.lead),
        "sentences": [_set(sentence) for sentence in wording.sentences],
        "how_to_read": wording.how_to_read,
        "pictures": [_picture(picture) for picture in wording.pictures],
        "team_lead": wording.team_lead,
        "team": [
            {
                "title": table.title,
                "head": list(table.head),
                "rows": [[_set(str(cell)) for cell in row] for row in table.rows],
            }
            for table in wording.team
        ],
    }


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "title": picture.title,
        "how_counted": picture.how_counted,
        "scale": picture.scale_words,
        "bars": [
            {
                "label": bar.label,
                "words": bar.words,
                "is_too_few": bar.is_too_few,
                "svg": _svg(bar),
                "alt": f"{bar.label}: {bar.words}",
            }
            for bar in picture.bars
        ],
    }


def _svg(bar: Bar) -> str:
    """A hairline for the scale and a band on it; never a bar from zero, which would read as an exact figure."""
    band = ""
    if not bar.is_too_few:
        x, width = WIDTH * bar.x / 100, WIDTH * bar.width / 100
        band = f'<rect x="{x:.2f}" y="0.5" width="{width:.2f}" height="{HEIGHT - 1}" rx="1.5" fill="#1c5d58"/>'
    title = quoteattr(bar.label)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" '
        f'aria-label={title}><path d="M0 {HEIGHT / 2}H{WIDTH}" stroke="#b9b2a4" stroke-width="0.6"/>{band}</svg>'
    )


def _set(words: str) -> str:
    """A letter that the built-in type does not have would stop the file: it is printed as a question mark."""
    return "".join(letter if _has_type(letter) else "?" for letter in words)


def _has_type(letter: str) -> bool:
    return letter in MARKS or (letter.isprintable() and ord(letter) <= LAST_LATIN)


LAST_LATIN = 0x017F
MARKS = frozenset("–—‘’“”…·•")
