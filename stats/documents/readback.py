"""Reads a year's published files as a stranger would, and says where they tell more than the listed bounds. Pure."""

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from peersupport.program.vocabulary import VOCABULARIES

from ..domain import attacks
from ..presenters.charts import SHORTEST_SCALE, pictures, scale_for
from ..presenters.wording import HOW_TO_READ, READING
from .exports import HEADER, lines

Files = Mapping[str, bytes]  # kind ("json", "csv", "xlsx", "pdf", "html") -> the file as it was downloaded
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
LABELS = sorted((label for v in VOCABULARIES.values() for label in v.labels.values()), key=len, reverse=True)
OTHER_NUMBERS = frozenset({0, SHORTEST_SCALE})


class NoReader(Exception):
    """A library that opens one of the files is not installed."""


def findings(files: Files) -> list[str]:
    """What is wrong with a year's files. The JSON is needed, the others are read where they are given."""
    report = json.loads(files["json"])
    found = attacks.schema(report) + attacks.grid(_rows(report))
    for kind, read in READERS.items():
        if kind in files:
            found += [f"{kind.upper()}: {words}" for words in read(files[kind], report)]
    return found


def of_csv(data: bytes, report: Mapping[str, Any]) -> list[str]:
    return _differences(list(csv.reader(io.StringIO(data.decode(), newline=""))), report)


def of_xlsx(data: bytes, report: Mapping[str, Any]) -> list[str]:
    try:
        import openpyxl
    except ImportError:
        raise NoReader("Reading the spreadsheet needs openpyxl: pip install -r requirements-dev.txt") from None
    rows = openpyxl.load_workbook(io.BytesIO(data))["Bands"].iter_rows(values_only=True)
    found = [[str(cell) for cell in row] for row in rows if row[1] is not None]
    told = " ".join(cell for line in found[1:] for cell in line[len(HEADER) :])
    return _differences([line[: len(HEADER)] for line in found], report) + _strange(told, report)


def of_pdf(data: bytes, report: Mapping[str, Any]) -> list[str]:
    try:
        import pypdf
    except ImportError:
        raise NoReader("Reading the PDF needs pypdf: pip install -r requirements-dev.txt") from None
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    text = " ".join(" ".join(re.sub(r"\S.* · page \d+ of \d+", " ", page) for page in pages).split())
    protected = text.partition(READING)[2].partition("The team These figures are exact")[0]
    if not protected:
        return ["the protected part was not found"]
    return _strange(protected, report)


def of_html(data: bytes, report: Mapping[str, Any]) -> list[str]:
    page = data.decode()
    part = re.search(r'data-part="protected"(.*?)data-part="team"', page, re.DOTALL)
    if part is None:
        return ["the protected part was not found"]
    drawn = re.findall(r'<rect[^>]* x="([\d.]+)%"[^>]* width="([\d.]+)%"', part[1])
    bars = [bar for picture in pictures(_rows(report)) for bar in picture.bars if not bar.is_too_few]
    wrong = [] if drawn == [(str(bar.x), str(bar.width)) for bar in bars] else ["a bar is not where its band is"]
    return wrong + _strange(html.unescape(re.sub(r"<[^>]*>", " ", part[1])), report)


READERS: dict[str, Callable[[bytes, Mapping[str, Any]], list[str]]] = {
    "csv": of_csv,
    "xlsx": of_xlsx,
    "pdf": of_pdf,
    "html": of_html,
}


def _rows(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for _, row in lines(report)]


def _differences(found: list[list[str]], report: Mapping[str, Any]) -> list[str]:
    expected = [list(HEADER)] + [
        [period, row["vector"], row["code"], str(row["lo"]), str(row["hi"])] for period, row in lines(report)
    ]
    return [] if found == expected else ["its lines are not those of the JSON"]


def _strange(text: str, report: Mapping[str, Any]) -> list[str]:
    """Numbers in a text that are no listed bound, no year of the period and not on the short list of others."""
    words = " ".join(text.split())
    for known in (HOW_TO_READ, *LABELS):
        words = words.replace(known, " ")
    allowed = _allowed(report)
    found = {number for number in NUMBER.findall(words) if float(number.replace(",", "")) not in allowed}
    return [f"the number {number} is none of the listed ones" for number in sorted(found)]


def _allowed(report: Mapping[str, Any]) -> set[float]:
    bounds = [row[bound] for row in _rows(report) for bound in ("lo", "hi")]
    scales = [scale_for(highest) for highest in _highest(_rows(report))]
    years = re.findall(r"\d+", report["period"] + " " + report.get("breakdown", report)["period"])
    return {*map(float, [*bounds, *scales, *OTHER_NUMBERS, *years])}


def _highest(rows: Iterable[Mapping[str, Any]]) -> list[int]:
    """The highest bound of each list, and of the totals together: what a picture's scale is made from."""
    by_list: dict[str, int] = {}
    for row in rows:
        name = "totals" if row["vector"] in {"persons", "contacts"} else row["vector"]
        by_list[name] = max(by_list.get(name, 0), row["hi"])
    return list(by_list.values())
