"""A released report on paper, with its pictures. Pure."""

from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from peersupport.core import pdf

from ..presenters.charts import Bar, Picture
from ..presenters.wording import Wording

TEMPLATE = Path(__file__).with_name("report.typ")
WIDTH, HEIGHT = 200, 9


def to_pdf(wording: Wording) -> bytes:
    return pdf.to_pdf(TEMPLATE, _content(wording))


def _content(wording: Wording) -> dict[str, Any]:
    return {
        "title": wording.title,
        "agency": wording.agency,
        "lead": wording.lead,
        "in_sentences": wording.in_sentences,
        "sentences": wording.sentences,
        "reading": wording.reading,
        "how_to_read": wording.how_to_read,
        "lists_note": wording.lists_note,
        "pictures": [_picture(picture) for picture in wording.pictures],
        "team_lead": wording.team_lead,
        "team": [
            {
                "title": table.title,
                "head": table.head,
                "rows": [[cell if isinstance(cell, str) else f"{cell:,}" for cell in row] for row in table.rows],
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
