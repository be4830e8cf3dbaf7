"""A released report: its shape, and how to read it. Pure.

    {
        "period": "2025",  # followed by " (partial year)" where part of the year was not counted
        "rows": [{"vector": "persons", "code": "all", "lo": 40, "hi": 49}, ...],  # totals first, then each list
        "team": {...},  # exact figures about the team: queries.team_part
        "breakdown": {"period": "2025 to 2026", "first_year": 2025, "years": 2, "rows": [...]},
    }

`breakdown` is there only where the lists are counted over two or three years together. `rows` then holds the totals
alone, and the breakdown's own `rows` are empty until the last of these years is closed. A list is one vocabulary
("vector") with its codes.
"""

from collections.abc import Mapping
from typing import Any

Report = Mapping[str, Any]
ReportRow = Mapping[str, Any]  # vector, code, lo, hi
PeriodRow = tuple[str, ReportRow]  # a row with the label of the period it counts


def rows_with_period(report: Report) -> list[PeriodRow]:
    """Every released row with the period it counts: the year's own, or the years counted together."""
    breakdown = report.get("breakdown", {"period": "", "rows": []})
    return [
        *((report["period"], row) for row in report["rows"]),
        *((breakdown["period"], row) for row in breakdown["rows"]),
    ]


def without_list(report: Report, vector: str) -> dict[str, Any]:
    """A copy of the report that leaves out one list, in the breakdown too."""
    shorter = {**report, "rows": [row for row in report["rows"] if row["vector"] != vector]}
    return shorter | ({"breakdown": without_list(report["breakdown"], vector)} if "breakdown" in report else {})


def has_list(report: Report, vector: str) -> bool:
    """Whether the report has rows of this list: not where it is still counted together with a later year."""
    return any(row["vector"] == vector for _, row in rows_with_period(report))
