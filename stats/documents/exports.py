"""A released report as JSON and CSV. The same report gives the same bytes: no clock, nothing random. Pure."""

import csv
import io
import json
from typing import Any

from peersupport.core.spreadsheet.writing import guard_formula

from ..domain.report import Report, rows_with_period

HEADER = ("period", "vector", "code", "lo", "hi")


def to_json(report: Report) -> str:
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def from_json(document: str) -> dict[str, Any]:
    return dict(json.loads(document))


def to_csv(report: Report) -> str:
    """The protected part, one line for each counter (RFC 4180)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for period, row in rows_with_period(report):
        cells = {"period": period, **row}
        writer.writerow([guard_formula(cells[name]) for name in HEADER])
    return out.getvalue()
