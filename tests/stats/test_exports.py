import csv
import io
import json

import pytest

from peersupport.core.spreadsheet.writing import guard_formula
from stats.documents.exports import to_csv, to_json

REPORT = {
    "period": "2025",
    "rows": [
        {"vector": "persons", "code": "all", "lo": 40, "hi": 49},
        {"vector": "concern", "code": "grief", "lo": 0, "hi": 9},
    ],
    "team": {"members": {"designated": 8}},
}


def test_csv_has_the_protected_part_line_by_line():
    assert to_csv(REPORT) == "period,vector,code,lo,hi\r\n2025,persons,all,40,49\r\n2025,concern,grief,0,9\r\n"


def test_json_round_trips():
    assert json.loads(to_json(REPORT)) == REPORT


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"])
def test_csv_guards_against_formulas(cell):
    assert guard_formula(cell) == f"'{cell}"
    parsed = list(csv.reader(io.StringIO(to_csv(REPORT | {"period": cell}), newline="")))
    assert parsed[1][0] == f"'{cell}"


@pytest.mark.parametrize("cell", ["2025-2026", "", 40, -3])
def test_csv_leaves_other_cells_alone(cell):
    assert guard_formula(cell) == cell
