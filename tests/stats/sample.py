"""A report with every code in a band of its own, and with names that a file must not run or choke on."""

from stats.domain.ledger import COUNTERS

ROWS = [
    {"vector": c.vector, "code": c.code, "lo": lo, "hi": lo + 9}
    for c, lo in zip(COUNTERS, range(0, 520, 10), strict=True)
]
TEAM = {
    "members": {"in_training": 2, "designated": 8, "ended": 1},
    "designations": 3,
    "de_selections": 0,
    "departures": 1,
    "training": [
        {"subject": "x", "name": "=1+1", "hours": 7.5, "current": 8, "expiring": 1, "lapsed": 0, "missing": 0},
        {
            "subject": "y",
            "name": "日本 😀 \u202e <b>",
            "hours": 1,
            "current": 8,
            "expiring": 1,
            "lapsed": 0,
            "missing": 0,
        },
    ],
}
REPORT = {"period": "2025", "rows": ROWS, "team": TEAM}
