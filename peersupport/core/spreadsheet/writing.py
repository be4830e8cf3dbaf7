"""Rows as a CSV or XLSX file. No cell runs as a formula, and equal rows give equal bytes."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIXED_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 - XLSX has no time zones; this one never changes
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MAX_COLUMN_WIDTH = 40  # characters


def guard_formula(cell: object) -> object:
    """The cell; text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"}:
        return f"'{cell}"
    return cell


def to_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """RFC 4180, in UTF-8 with the byte order mark that spreadsheets look for. Formulas are guarded."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([guard_formula(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook with one sheet, whose headings and first column stay in view when it is scrolled."""
    import xlsxwriter  # slow to load

    out, table = io.BytesIO(), [headings, *rows]
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": title, "created": FIXED_TIME})
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        for number, row in enumerate(table):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text, None if number else bold)
        for column in range(len(headings)):
            widest = max(len(row[column]) for row in table)
            sheet.set_column(column, column, min(widest + 2, MAX_COLUMN_WIDTH))
        sheet.freeze_panes(1, 1)
    return out.getvalue()


def to_file(kind: str, title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[bytes, str]:
    """The table as "csv" or "xlsx": the file and its content type. Raises KeyError for any other kind."""
    return {
        "csv": lambda: (to_csv([headings, *rows]), CSV_TYPE),
        "xlsx": lambda: (to_xlsx(title, headings, rows), XLSX_TYPE),
    }[kind]()
