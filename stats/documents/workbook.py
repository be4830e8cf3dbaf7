"""A released report as a workbook: the bands on one sheet, the team on another; the same bytes each time."""

import io
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from peersupport.core.spreadsheet.writing import FIXED_TIME, OPTIONS

from ..domain.report import Report
from ..presenters.report_text import ReportText
from .exports import HEADER

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook


def to_xlsx(report: Report, text: ReportText) -> bytes:
    """The workbook of a report and of what `text` says about it."""
    import xlsxwriter  # slow to load

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": text.title, "author": text.agency, "created": FIXED_TIME})
        _add_bands(book, report, text)
        _add_team(book, text)
    return out.getvalue()


def _add_bands(book: "Workbook", report: Report, text: ReportText) -> None:
    sheet, bold = book.add_worksheet(_("Bands")), book.add_format({"bold": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    labels = {bar.code: (bar.label, bar.text) for chart in text.charts for bar in chart.bars}
    sheet.set_column(0, 2, 18)
    sheet.set_column(5, 6, 32)
    sheet.write_row(0, 0, [*HEADER, _("label"), _("in words")], bold)
    for line, (period, row) in enumerate(report.rows_with_period(), start=1):
        cells = (period, row.vector, row.code, row.lo, row.hi)
        sheet.write_row(line, 0, [*cells, *labels[f"{row.vector}-{row.code}"]])
    sheet.freeze_panes(1, 0)
    for number, note in enumerate(filter(None, (text.how_to_read, text.lists_note)), start=line + 2):
        sheet.merge_range(number, 0, number, 6, note, wrap)
        sheet.set_row(number, 62)


def _add_team(book: "Workbook", text: ReportText) -> None:
    sheet, bold = book.add_worksheet(_("Team")), book.add_format({"bold": True})
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 6, 18)
    line = 0
    for table in text.team:
        sheet.write_row(line, 0, table.head, bold)
        for row in table.rows:
            line += 1
            sheet.write_row(line, 0, row)
        line += 2
