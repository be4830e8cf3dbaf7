"""The coverage as it is shown, with its filters, for a wall or a meeting."""

from collections.abc import Iterator
from datetime import date
from math import ceil
from pathlib import Path

from peersupport.core import pdf
from peersupport.program.queries import settings_now

from ..domain.coverage import LABELS, MARKS
from ..presenters.wording import NO_BREAK, cell_words, long_day, mark, short_day
from ..queries.coverage_page import Coverage

TEMPLATE = Path(__file__).with_suffix(".typ")
WIDEST = 8  # with more subjects beside each other the words become too small


def coverage_pdf(coverage: Coverage, today: date) -> bytes:
    return pdf.to_pdf(
        TEMPLATE,
        {
            "title": "Training coverage",
            "agency": settings_now().agency,
            "standing": f"As it stands on {long_day(today)}.",
            "gaps": [gap.words for gap in coverage.gaps],
            "legend": [f"{MARKS[status]} {LABELS[status]}" for status in LABELS],
            "parts": [_part(coverage, start, end) for start, end in _widths(len(coverage.subjects))],
            "months": [short_day(month) for month in coverage.months],
            "ahead": [[line.subject.name, *map(str, line.counts)] for line in coverage.ahead],
        },
    )


def _widths(subjects: int) -> Iterator[tuple[int, int]]:
    """Tables of about the same width, none wider than can be read."""
    if subjects:
        width = ceil(subjects / ceil(subjects / WIDEST))
        for start in range(0, subjects, width):
            yield start, min(start + width, subjects)


def _part(coverage: Coverage, start: int, end: int) -> dict[str, list[object]]:
    return {
        "head": ["Name", *(subject.name for subject in coverage.subjects[start:end])],
        "rows": [
            [member.user.name, *(f"{mark(cell)} {cell_words(cell, NO_BREAK)}" for cell in cells[start:end])]
            for member, cells in coverage.rows
        ],
    }
