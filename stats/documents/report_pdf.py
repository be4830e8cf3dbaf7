"""A released report as a PDF, with its charts."""

from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from django.utils.translation import gettext as _

from peersupport.core import pdf

from ..presenters.charts import Bar, Chart, grouped
from ..presenters.report_text import ReportText

TEMPLATE = Path(__file__).with_name("report.typ")
WIDTH, HEIGHT = 200, 9


def to_pdf(text: ReportText) -> bytes:
    return pdf.to_pdf(TEMPLATE, _data(text))


def _data(text: ReportText) -> dict[str, Any]:
    return {
        "title": text.title,
        "agency": text.agency,
        "lead": text.lead,
        "in_sentences": text.in_sentences,
        "sentences": text.sentences,
        "reading": text.reading,
        "how_to_read": text.how_to_read,
        "lists_note": text.lists_note,
        "charts": [_chart(chart) for chart in text.charts],
        "columns": [_("List"), _("In words")],
        "the_team": text.the_team,
        "team_lead": text.team_lead,
        "team": [
            {
                "title": table.title,
                "head": table.head,
                "rows": [[cell if isinstance(cell, str) else grouped(cell) for cell in row] for row in table.rows],
            }
            for table in text.team
        ],
    }


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "title": chart.title,
        "how_counted": chart.how_counted,
        "scale": _("Band on a scale from 0 to %(highest)s") % {"highest": chart.scale_label},
        "bars": [
            {
                "label": bar.label,
                "text": bar.text,
                "is_too_few": bar.is_too_few,
                "svg": _svg(bar),
                "alt": f"{bar.label}: {bar.text}",
            }
            for bar in chart.bars
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
