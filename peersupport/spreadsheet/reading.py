"""A spreadsheet as rows of text: CSV in UTF-8, or XLSX. No Django. What cannot be read is refused in words."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from peersupport.refusals import Refused

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 50
LONGEST_CELL = 200
FORMULA = "=…"  # stands for any formula; what begins with = never gets through as text

DAMAGED = "This file is damaged or was cut short. Please save it again and upload the new one."
NOT_UTF8 = (
    "The letters of this file cannot be read. Please save it as “CSV UTF-8”, or as an Excel workbook (.xlsx), "
    "and upload that."
)


@dataclass(frozen=True)
class Row:
    """number: as the spreadsheet counts, the heading being row 1. cells: by the names of the columns asked for."""

    number: int
    cells: dict[str, str]


def read(content: bytes, columns: Sequence[str]) -> list[Row]:
    """The rows that say anything. Raises Refused for a file that is none, with too much, or without the columns."""
    check_size(content)
    if not content.strip():
        raise Refused("This file is empty.")
    table = _workbook(content) if content[:2] == b"PK" else _csv(content)
    return _rows(table, columns)


def check_size(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise Refused("This file is larger than 10 MB. Please split it.")


def _rows(table: Iterable[list[str]], columns: Sequence[str]) -> list[Row]:
    places: dict[str, int] = {}
    found: list[Row] = []
    for number, cells in enumerate(table, start=1):
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise Refused(
                f"Row {number} has {len(cells)} columns. The template has {len(columns)}; please start from it."
            )
        if not places:
            places = _places(cells, columns)
        elif any(cells):
            found.append(Row(number, {name: cells[at] if at < len(cells) else "" for name, at in places.items()}))
        if len(found) > MOST_ROWS:
            raise Refused("This file has more than 50,000 rows. Please split it.")
    if not found:
        raise Refused("There is no row below the headings.")
    return found


def _places(headings: list[str], columns: Sequence[str]) -> dict[str, int]:
    known = {heading.casefold(): at for at, heading in reversed(list(enumerate(headings)))}
    missing = [name for name in columns if name.casefold() not in known]
    if missing:
        raise Refused(f"The first row lacks the heading “{missing[0]}”. Please start from the template.")
    return {name: known[name.casefold()] for name in columns}


def _csv(content: bytes) -> Iterator[list[str]]:
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise Refused(NOT_UTF8) from None
    if "\x00" in text:
        raise Refused(NOT_UTF8)
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            yield [_text(cell) for cell in row]
    except csv.Error:
        raise Refused(DAMAGED) from None


def _workbook(content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # only who reads a workbook loads it

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise Refused("This workbook holds too much. Please split it.")
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for row in sheet.iter_rows(values_only=True):
                yield [_text(value) for value in row]
    except Refused:
        raise
    except Exception as broken:  # openpyxl raises whatever the part it reads does
        raise Refused(DAMAGED) from broken


def _text(value: object) -> str:
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
    return text[: LONGEST_CELL + 1]
