"""A released report as a spreadsheet: the bands on one sheet, the team on another; the same bytes each time. Pure."""

import io
from collections.abc import Mapping
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook

from peersupport.core.spreadsheet.writing import NO_TIME, OPTIONS

from ..presenters.wording import Wording
from .exports import HEADER, lines


def to_xlsx(report: Mapping[str, Any], wording: Wording) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": wording.title, "author": wording.agency, "created": NO_TIME})
        _bands(book, report, wording)
        _team(book, wording)
    return out.getvalue()


def _bands(book: Workbook, report: Mapping[str, Any], wording: Wording) -> None:
    sheet, bold, wrap = book.add_worksheet("Bands"), book.add_format({"bold": True}), _wrapped(book)
    words = {bar.code: (bar.label, bar.words) for picture in wording.pictures for bar in picture.bars}
    sheet.set_column(0, 2, 18)
    sheet.set_column(5, 6, 28)
    sheet.write_row(0, 0, [*HEADER, "label", "in words"], bold)
    for line, (period, row) in enumerate(lines(report), start=1):
        cells = {"period": period, **row}
        told = words[f"{row['vector']}-{row['code']}"]
        sheet.write_row(line, 0, [*(cells[name] for name in HEADER), *told])
    sheet.freeze_panes(1, 0)
    for place, said in enumerate(filter(None, (wording.how_to_read, wording.lists_note)), start=line + 2):
        sheet.merge_range(place, 0, place, 6, said, wrap)
        sheet.set_row(place, 62)


def _team(book: Workbook, wording: Wording) -> None:
    sheet, bold = book.add_worksheet("Team"), book.add_format({"bold": True})
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 6, 18)
    line = 0
    for table in wording.team:
        sheet.write_row(line, 0, table.head, bold)
        for row in table.rows:
            line += 1
            sheet.write_row(line, 0, row)
        line += 2


def _wrapped(book: Workbook) -> Any:
    return book.add_format({"text_wrap": True, "valign": "top"})
