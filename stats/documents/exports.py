"""A released report as JSON and CSV. The same report gives the same bytes: no clock, nothing random. Pure."""

import csv
import io
import json

from peersupport.core.spreadsheet.writing import guard_formula

from ..domain.report import Report

HEADER = ("period", "vector", "code", "lo", "hi")


def to_json(report: Report) -> str:
    return json.dumps(report.as_dict(), ensure_ascii=False, indent=1) + "\n"


def to_csv(report: Report) -> str:
    """The protected part, one line for each counter (RFC 4180)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for period, row in report.rows_with_period():
        writer.writerow([guard_formula(cell) for cell in (period, row.vector, row.code, row.lo, row.hi)])
    return out.getvalue()
