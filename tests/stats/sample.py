"""A report with every code in a band of its own, and with names that a file must not run or choke on."""

from stats.domain.disclosure import Row
from stats.domain.ledger import COUNTERS
from stats.domain.report import Report, SubjectFigures, TeamFigures

ROWS = tuple(Row(c.vector, c.code, lo, lo + 9) for c, lo in zip(COUNTERS, range(0, 520, 10), strict=True))
TEAM = TeamFigures(
    members={"in_training": 2, "designated": 8, "ended": 1},
    designations=3,
    de_selections=0,
    departures=1,
    training=(
        SubjectFigures("x", "=1+1", 7.5, current=8, expiring=1, lapsed=0, missing=0),
        SubjectFigures("y", "日本 😀 \u202e <b>", 1, current=8, expiring=1, lapsed=0, missing=0),
    ),
)
REPORT = Report(period="2025", rows=ROWS, team=TEAM)
