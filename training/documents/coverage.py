"""The coverage with its filters as a PDF, for a wall or a meeting."""

from collections.abc import Iterator
from datetime import date
from math import ceil
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from peersupport.core import pdf
from peersupport.program.queries import settings_now

from ..domain.standing import Standing
from ..presenters import coverage as coverage_texts
from ..presenters.formats import cell_day, cell_text, status_symbol
from ..queries.coverage import Coverage

TEMPLATE = Path(__file__).with_suffix(".typ")
NO_BREAK = "\u00a0"
MAX_SUBJECTS_PER_TABLE = 8  # subjects beside each other; with more the text becomes too small


def coverage_pdf(coverage: Coverage, today: date) -> bytes:
    return pdf.to_pdf(
        TEMPLATE,
        {
            "title": _("Training coverage"),
            "agency": settings_now().agency,
            "standing": _("As of %(day)s.") % {"day": date_format(today, "DATE_FORMAT")},
            "gaps_title": _("Gaps"),
            "gaps": [coverage_texts.gap_text(each.gap, each.subject.name) for each in coverage.gaps],
            "no_gaps": _("For every concern, enough members are trained today and 60 days from now."),
            "matrix_title": _("Members and subjects"),
            "legend": [f"{symbol} {label}" for symbol, label, __ in coverage_texts.legend()],
            "parts": [_part(coverage, start, end) for start, end in _widths(len(coverage.subjects))],
            "ahead_title": _("The next 12 months if nobody trains"),
            "ahead_lead": _(
                "Of the members who can serve today: how many are trained in each subject now, and on the same day of "
                "each coming month."
            ),
            "ahead_head": [_("Subject"), *(date_format(month, "SHORT_DATE_FORMAT") for month in coverage.months)],
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
        "head": [_("Name"), *(subject.name for subject in coverage.subjects[start:end])],
        "rows": [[member.user.name, *map(_cell, standings[start:end])] for member, standings in coverage.rows],
    }


def _cell(standing: Standing) -> str:
    """The day stays on one line."""
    day = cell_day(standing)
    return f"{status_symbol(standing)} {cell_text(standing).replace(day, day.replace(' ', NO_BREAK))}"
