"""The coverage with its filters as a PDF, for a wall or a meeting."""

from collections.abc import Iterator
from datetime import date
from math import ceil
from pathlib import Path

from django.utils.translation import gettext as _

from peersupport.core import pdf
from peersupport.program.queries import settings_now

from ..domain.standing import STATUS_LABELS, STATUS_SYMBOLS
from ..presenters.coverage import gap_text
from ..presenters.formats import NO_BREAK, cell_text, long_day, short_day, status_symbol
from ..queries.coverage import Coverage

TEMPLATE = Path(__file__).with_suffix(".typ")
MAX_SUBJECTS_PER_TABLE = 8  # subjects beside each other; with more the text becomes too small


def coverage_pdf(coverage: Coverage, today: date) -> bytes:
    return pdf.to_pdf(
        TEMPLATE,
        {
            "title": _("Training coverage"),
            "agency": settings_now().agency,
            "standing": f"As it stands on {long_day(today)}.",
            "gaps": [gap_text(gap) for gap in coverage.gaps],
            "legend": [f"{STATUS_SYMBOLS[status]} {STATUS_LABELS[status]}" for status in STATUS_LABELS],
            "parts": [_part(coverage, start, end) for start, end in _widths(len(coverage.subjects))],
            "months": [short_day(month) for month in coverage.months],
            "ahead": [[ahead.subject.name, *map(str, ahead.counts)] for ahead in coverage.ahead],
        },
    )


def _widths(subjects: int) -> Iterator[tuple[int, int]]:
    """First and last column of tables of about the same width, none wider than MAX_SUBJECTS_PER_TABLE."""
    if subjects:
        width = ceil(subjects / ceil(subjects / MAX_SUBJECTS_PER_TABLE))
        for start in range(0, subjects, width):
            yield start, min(start + width, subjects)


def _part(coverage: Coverage, start: int, end: int) -> dict[str, list[object]]:
    return {
        "head": ["Name", *(subject.name for subject in coverage.subjects[start:end])],
        "rows": [
            [member.user.name, *(f"{status_symbol(each)} {cell_text(each, NO_BREAK)}" for each in standings[start:end])]
            for member, standings in coverage.rows
        ],
    }
