"""The coverage as a workbook. The same coverage gives the same bytes."""

import io
from datetime import date, datetime

import xlsxwriter

from .matrix_page import Coverage
from .words import cell_words, mark


def coverage_workbook(coverage: Coverage, today: date) -> bytes:
    """One row for each member, one column for each subject. Nothing in it is taken for a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": "Training coverage", "created": datetime(today.year, today.month, today.day)})  # noqa: DTZ001
    bold, sheet = book.add_format({"bold": True}), book.add_worksheet(f"Coverage {today.isoformat()}")
    headings = ["Name", "Kind", "Unit", *(subject.name for subject in coverage.subjects)]
    sheet.write_row(0, 0, headings, bold)
    sheet.set_column(0, len(headings) - 1, 24)
    sheet.freeze_panes(1, 1)
    for number, (member, cells) in enumerate(coverage.rows, start=1):
        texts = [member.user.name, member.get_kind_display(), member.unit]
        for place, text in enumerate([*texts, *(f"{mark(cell)} {cell_words(cell)}" for cell in cells)]):
            sheet.write_string(number, place, text)
    book.close()
    return out.getvalue()
