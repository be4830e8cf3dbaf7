"""Rows as a file for a spreadsheet. Nothing in them is taken for a formula. The same rows give the same bytes."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 - the file's own clock stands still
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDEST_COLUMN = 40


def guarded(cell: object) -> object:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"}:
        return f"'{cell}"
    return cell


def to_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """RFC 4180, with the mark by which a spreadsheet sees that the letters are UTF-8."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet; its first row and its first column stay in sight."""
    out, table = io.BytesIO(), [headings, *rows]
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": title, "created": NO_TIME})
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        for number, row in enumerate(table):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text, None if number else bold)
        for place in range(len(headings)):
            widest = max(len(row[place]) for row in table)
            sheet.set_column(place, place, min(widest + 2, WIDEST_COLUMN))
        sheet.freeze_panes(1, 1)
    return out.getvalue()


def as_file(kind: str, title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[bytes, str]:
    """The same table as "csv" or "xlsx", and what kind of file that is. Raises KeyError for another kind."""
    return {
        "csv": lambda: (to_csv([headings, *rows]), CSV_TYPE),
        "xlsx": lambda: (to_xlsx(title, headings, rows), XLSX_TYPE),
    }[kind]()
