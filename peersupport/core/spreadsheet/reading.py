"""A spreadsheet as rows of text: CSV (UTF-8 or UTF-16) or XLSX. No Django. What can't be read raises Refused."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from peersupport.core.sentences import gettext_noop as _

from ..errors import Refused
from ..sandbox import running

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 30 * 1024 * 1024  # 50,000 rows of training history take 13 MB
MAX_ROWS = 50_000
MAX_COLUMNS = 50
MAX_CELL_LENGTH = 200
FORMULA = "=…"  # stands for any formula: text that begins with = never gets through

DAMAGED = _("This file is damaged or was cut short. Please save it again and upload the new one.")
TOO_LARGE = _("This workbook is too large to read. Please save its sheet as “CSV UTF-8” and upload that.")
NOT_UTF8 = _("We can't read this file. Please save it as “CSV UTF-8” or as an Excel workbook (.xlsx), and upload that.")
WORKBOOKS = running.Reader(
    module="peersupport.core.sandbox.workbooks",
    too_large=TOO_LARGE,
    cpu_seconds=15,  # 50,000 rows take two
    memory_bytes=512 * running.MEGABYTE,  # 50,000 rows take a quarter of it
    seconds=60,
    answer_bytes=64 * running.MEGABYTE,
)


@dataclass(frozen=True)
class SheetRow:
    """number: as the spreadsheet counts; the headings are row 1. cells: by the names of the requested columns."""

    number: int
    cells: dict[str, str]


def read_rows(content: bytes, columns: Sequence[str]) -> list[SheetRow]:
    """The rows of a CSV or XLSX file that aren't empty, with the requested columns.

    columns: headings that the first row must have, in any order and case; other columns are ignored. Raises Refused for
    a file that is too large, can't be read, or lacks a column.
    """
    check_size(content)
    if not content.strip():
        raise Refused(_("This file is empty."))
    return _read_in_sandbox(content, columns) if content[:2] == b"PK" else _table_rows(_csv(content), columns)


def read_workbook_rows(content: bytes, columns: Sequence[str]) -> list[SheetRow]:
    """The rows of an XLSX file. Only for the sandboxed process: nothing in here bounds the time that it takes."""
    try:
        return _table_rows(_workbook(content), columns)
    except MemoryError:
        raise Refused(TOO_LARGE) from None


def check_size(content: bytes) -> None:
    """Raise Refused for a file of more than MAX_BYTES."""
    if len(content) > MAX_BYTES:
        raise Refused(_("This file is larger than 10 MB. Please split it."))


def _read_in_sandbox(content: bytes, columns: Sequence[str]) -> list[SheetRow]:
    return [SheetRow(number, cells) for number, cells in running.read(WORKBOOKS, content, *columns).facts]


def _table_rows(table: Iterable[list[str]], columns: Sequence[str]) -> list[SheetRow]:
    positions: dict[str, int] = {}
    rows: list[SheetRow] = []
    for number, cells in enumerate(table, start=1):
        if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
            raise Refused(
                _("Row %(row)s has more than %(most)s columns. The template has %(columns)s; please start from it."),
                row=number,
                most=MAX_COLUMNS,
                columns=len(columns),
            )
        if not positions:
            positions = _column_positions(cells, columns)
        elif any(cells):
            rows.append(
                SheetRow(number, {name: cells[at] if at < len(cells) else "" for name, at in positions.items()})
            )
        if number > MAX_ROWS + 1:  # empty rows count too: one cell far below the others makes millions of them
            raise Refused(
                _("This file has more than 50,000 rows, empty ones included. Please delete those, or split it.")
            )
    if not rows:
        raise Refused(_("There are no rows below the headings."))
    return rows


def _column_positions(headings: list[str], columns: Sequence[str]) -> dict[str, int]:
    positions = {heading.casefold(): at for at, heading in reversed(list(enumerate(headings)))}
    missing = [name for name in columns if name.casefold() not in positions]
    if missing:
        raise Refused(
            _("The first row is missing the heading “%(heading)s”. Please start from the template."), heading=missing[0]
        )
    return {name: positions[name.casefold()] for name in columns}


def _csv(content: bytes) -> Iterator[list[str]]:
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise Refused(NOT_UTF8) from None
    if "\x00" in text:
        raise Refused(NOT_UTF8)
    first_line = text.partition("\n")[0]
    separator = max(",;\t", key=first_line.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            yield [_cell_text(cell) for cell in row]
    except csv.Error:
        raise Refused(DAMAGED) from None


def _workbook(content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # slow to load, and needed in the sandbox alone

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise Refused(TOO_LARGE)
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for row in sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True):
                yield [_cell_text(value) for value in row]
    except (Refused, MemoryError):
        raise
    except Exception as error:  # openpyxl lets through whatever its parsers raise
        raise Refused(DAMAGED) from error


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    if text[:1] in {"=", "+", "@"} and text != "+":
        return FORMULA
    return text[: MAX_CELL_LENGTH + 1]
