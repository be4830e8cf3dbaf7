"""Reads a year's published files as a stranger would, and reports where they say more than the listed bounds."""

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import gettext as _

from peersupport.program.vocabulary import VOCABULARIES

from ..domain import attacks
from ..domain.disclosure import Row
from ..domain.report import Report
from ..presenters.charts import SHORTEST_SCALE, range_charts, scale_for
from ..presenters.report_text import EXACT_TEAM_LEAD, HOW_TO_READ, READING, TEAM_LEAD, THE_TEAM
from .exports import HEADER

Files = Mapping[str, bytes]  # kind ("json", "csv", "xlsx", "pdf", "html") -> the file as it was downloaded
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
LABELS = sorted((label for v in VOCABULARIES.values() for label in v.labels.values()), key=len, reverse=True)
OTHER_NUMBERS = frozenset({0, SHORTEST_SCALE})


class NoReader(Exception):
    """A library that opens one of the files is not installed."""


def check_files(files: Files) -> list[str]:
    """Findings about a year's files; none is a pass. The JSON is needed, the others are read if given.

    Raises NoReader.
    """
    document = json.loads(files["json"])
    findings = attacks.check_schema(document)
    findings += attacks.check_grid([row for __, row in attacks.rows_with_period(document)])
    report = Report.from_dict(document)
    for kind, check in CHECKS.items():
        if kind in files:
            findings += [f"{kind.upper()}: {finding}" for finding in check(files[kind], report)]
    return findings


def check_csv(data: bytes, report: Report) -> list[str]:
    return _check_lines(list(csv.reader(io.StringIO(data.decode(), newline=""))), report)


def check_xlsx(data: bytes, report: Report) -> list[str]:
    try:
        import openpyxl
    except ImportError:
        raise NoReader("Reading the spreadsheet needs openpyxl: pip install -r requirements-dev.txt") from None
    rows = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True)
    lines = [[str(cell) for cell in row] for row in rows if row[1] is not None]
    labels = " ".join(cell for line in lines[1:] for cell in line[len(HEADER) :])
    return _check_lines([line[: len(HEADER)] for line in lines], report) + _check_numbers(labels, report)


def check_pdf(data: bytes, report: Report) -> list[str]:
    try:
        import pypdf
    except ImportError:
        raise NoReader("Reading the PDF needs pypdf: pip install -r requirements-dev.txt") from None
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    text = " ".join(" ".join(re.sub(r"\S.* · \d+ / \d+", " ", page) for page in pages).split())
    protected = text.partition(str(READING))[2]
    for lead in (TEAM_LEAD, EXACT_TEAM_LEAD):  # a file that was downloaded from an earlier version has the second
        protected = protected.partition(f"{THE_TEAM} {lead}")[0]
    if not protected:
        return ["the protected part was not found"]
    return _check_numbers(protected, report)


def check_html(data: bytes, report: Report) -> list[str]:
    page = data.decode()
    part = re.search(r'data-part="protected"(.*?)data-part="team"', page, re.DOTALL)
    if part is None:
        return ["the protected part was not found"]
    drawn = re.findall(r'<rect[^>]* x="([\d.]+)%"[^>]* width="([\d.]+)%"', part[1])
    bars = [bar for chart in range_charts(report.all_rows()) for bar in chart.bars if not bar.is_too_few]
    findings = [] if drawn == [(str(bar.x), str(bar.width)) for bar in bars] else ["a bar is not where its band is"]
    return findings + _check_numbers(html.unescape(re.sub(r"<[^>]*>", " ", part[1])), report)


CHECKS: dict[str, Callable[[bytes, Report], list[str]]] = {
    "csv": check_csv,
    "xlsx": check_xlsx,
    "pdf": check_pdf,
    "html": check_html,
}


def _check_lines(lines: list[list[str]], report: Report) -> list[str]:
    expected = [list(HEADER)] + [
        [period, row.vector, row.code, str(row.lo), str(row.hi)] for period, row in report.rows_with_period()
    ]
    return [] if lines == expected else ["its lines are not those of the JSON"]


def _check_numbers(text: str, report: Report) -> list[str]:
    """Numbers in a text that are neither a listed bound, nor a year of the period, nor expected for another reason."""
    remaining = re.sub(r"– ", "–", " ".join(text.split()))  # a line of the PDF may end within a band
    for fixed in (str(HOW_TO_READ), *map(_, LABELS)):
        remaining = remaining.replace(fixed, " ")
    allowed = _allowed_numbers(report)
    numbers = {number for number in NUMBER.findall(remaining) if float(number.replace(",", "")) not in allowed}
    return [f"the number {number} is none of the listed ones" for number in sorted(numbers)]


def _allowed_numbers(report: Report) -> set[float]:
    rows = report.all_rows()
    bounds = [bound for row in rows for bound in (row.lo, row.hi)]
    scales = [scale_for(highest) for highest in _highest_bounds(rows)]
    years = re.findall(r"\d+", f"{report.period} {report.breakdown.period if report.breakdown else ''}")
    return {*map(float, [*bounds, *scales, *OTHER_NUMBERS, *years])}


def _highest_bounds(rows: Iterable[Row]) -> list[int]:
    """The highest bound of each list, and of both totals: each chart's scale is made from it."""
    by_list: dict[str, int] = {}
    for row in rows:
        name = "totals" if row.vector in {"persons", "contacts"} else row.vector
        by_list[name] = max(by_list.get(name, 0), row.hi)
    return list(by_list.values())
