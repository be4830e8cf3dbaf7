import csv
import io
import json
from dataclasses import replace

import pytest

from peersupport.core.spreadsheet.writing import guard_formula
from stats.documents.exports import to_csv, to_json
from stats.domain.disclosure import Row
from stats.domain.report import Breakdown, Report
from tests.stats.sample import TEAM

ROWS = (Row("persons", "all", 40, 49), Row("concern", "grief", 0, 9))
REPORT = Report(period="2025", rows=ROWS, team=TEAM)
TOGETHER = replace(REPORT, rows=ROWS[:1], breakdown=Breakdown("2025 to 2026", 2025, 2, ROWS[1:]))


def test_csv_has_the_protected_part_line_by_line():
    assert to_csv(REPORT) == "period,vector,code,lo,hi\r\n2025,persons,all,40,49\r\n2025,concern,grief,0,9\r\n"


@pytest.mark.parametrize("report", [REPORT, TOGETHER])
def test_json_round_trips(report):
    assert json.loads(to_json(report)) == report.as_dict()
    assert Report.from_dict(json.loads(to_json(report))) == report


def test_json_has_its_parts_in_their_order_and_nothing_that_is_not_known():
    assert list(TOGETHER.as_dict()) == ["period", "rows", "breakdown", "team"]
    assert TOGETHER.as_dict()["breakdown"] == {
        "period": "2025 to 2026",
        "first_year": 2025,
        "years": 2,
        "rows": [{"vector": "concern", "code": "grief", "lo": 0, "hi": 9}],
    }
    assert list(REPORT.as_dict()) == ["period", "rows", "team"]
    assert list(TEAM.as_dict()) == ["members", "designations", "de_selections", "departures", "training"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"])
def test_csv_guards_against_formulas(cell):
    assert guard_formula(cell) == f"'{cell}"
    parsed = list(csv.reader(io.StringIO(to_csv(replace(REPORT, period=cell)), newline="")))
    assert parsed[1][0] == f"'{cell}"


@pytest.mark.parametrize("cell", ["2025-2026", "", 40, -3])
def test_csv_leaves_other_cells_alone(cell):
    assert guard_formula(cell) == cell
