"""A released report as a file. One report, the same bytes each time: no clock, nothing random. Pure."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from peersupport.core.spreadsheet.writing import guarded

HEADER = ("period", "vector", "code", "lo", "hi")


def to_json(report: Mapping[str, Any]) -> str:
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def from_json(document: str) -> dict[str, Any]:
    return dict(json.loads(document))


def lines(report: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Every released counter with the period that it counts: the year's own, or the years counted together."""
    together = report.get("breakdown", {"period": "", "rows": []})
    return [
        *((report["period"], row) for row in report["rows"]),
        *((together["period"], row) for row in together["rows"]),
    ]


def to_csv(report: Mapping[str, Any]) -> str:
    """The protected part, one line for each counter (RFC 4180)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for period, row in lines(report):
        cells = {"period": period, **row}
        writer.writerow([guarded(cells[name]) for name in HEADER])
    return out.getvalue()
