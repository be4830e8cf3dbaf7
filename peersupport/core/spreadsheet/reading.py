"""A spreadsheet as rows of text: CSV in UTF-8, or XLSX. No Django. What cannot be read is refused in words."""

import csv
import io
import json
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ..errors import Refused

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 30 * 1024 * 1024  # 50,000 rows of training history take 13
MOST_ROWS = 50_000
MOST_WAITING = 60  # seconds; the process that reads a workbook has fewer of computing
MOST_COLUMNS = 50
LONGEST_CELL = 200
PROGRAM = Path(__file__).resolve().parents[3]
READER = (sys.executable, "-m", "peersupport.core.spreadsheet.sandboxed_reader")
FORMULA = "=…"  # stands for any formula; what begins with = never gets through as text

DAMAGED = "This file is damaged or was cut short. Please save it again and upload the new one."
TOO_MUCH = "This workbook holds too much to be read. Please save its sheet as “CSV UTF-8”, and upload that."
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
    return _read_apart(content, columns) if content[:2] == b"PK" else _rows(_csv(content), columns)


def read_workbook(content: bytes, columns: Sequence[str]) -> list[Row]:
    """Only for a process of its own: nothing in here bounds the time that a workbook takes."""
    try:
        return _rows(_workbook(content), columns)
    except MemoryError:
        raise Refused(TOO_MUCH) from None


def check_size(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise Refused("This file is larger than 10 MB. Please split it.")


def _read_apart(content: bytes, columns: Sequence[str]) -> list[Row]:
    try:
        done = subprocess.run(
            [*READER, *columns], cwd=PROGRAM, input=content, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback can quote a cell
            timeout=MOST_WAITING, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Refused(TOO_MUCH) from None
    if done.returncode < 0:  # stopped at one of its limits
        raise Refused(TOO_MUCH)
    done.check_returncode()
    said = json.loads(done.stdout)
    if "refused" in said:
        raise Refused(said["refused"])
    return [Row(number, cells) for number, cells in said["rows"]]


def _rows(table: Iterable[list[str]], columns: Sequence[str]) -> list[Row]:
    places: dict[str, int] = {}
    found: list[Row] = []
    for number, cells in enumerate(table, start=1):
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise Refused(
                f"Row {number} has more than {MOST_COLUMNS} columns. "
                f"The template has {len(columns)}; please start from it."
            )
        if not places:
            places = _places(cells, columns)
        elif any(cells):
            found.append(Row(number, {name: cells[at] if at < len(cells) else "" for name, at in places.items()}))
        if number > MOST_ROWS + 1:  # below the headings; empty ones too: one cell far below makes millions of them
            raise Refused("This file has more than 50,000 rows, empty ones included. Please delete those, or split it.")
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
                raise Refused(TOO_MUCH)
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True):
                yield [_text(value) for value in row]
    except (Refused, MemoryError):
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
