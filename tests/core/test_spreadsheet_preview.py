"""Rows of an uploaded file before anything is written: values, errors and duplicates."""

import json
from decimal import Decimal

from peersupport.core.spreadsheet.cells import RowOutcome, parse_day, required_text
from peersupport.core.spreadsheet.preview import PreviewRow, cells_in_order, mark_duplicates
from peersupport.core.spreadsheet.reading import FORMULA, SheetRow
from peersupport.core.translation import remark_text

COLUMNS = {"Name": required_text, "Day": lambda text: parse_day(text)}


def row(number: int, name: str, day: str = "2024-03-31") -> PreviewRow:
    return PreviewRow.parse(SheetRow(number, {"Name": name, "Day": day}), COLUMNS)


def test_row_with_an_unreadable_cell_is_wrong_and_has_no_value_for_it() -> None:
    preview = row(2, "Ana", "soon")
    assert (preview.outcome, preview.is_wrong, preview.values) == (RowOutcome.WRONG, True, {"Name": "Ana"})
    assert [remark["column"] for remark in preview.remarks] == ["Day"]


def test_remark_leaves_the_outcome_and_error_makes_it_wrong() -> None:
    preview = row(2, "Ana")
    preview.add_remark("Name", "Known.")
    assert not preview.is_wrong
    preview.add_error("Name", "Taken.")
    assert preview.is_wrong and [*map(remark_text, preview.remarks)] == ["Known.", "Taken."]


def test_duplicates_are_marked_at_the_later_row_over_all_portions() -> None:
    first_rows: dict[object, int] = {}
    portions = [[row(2, "Ana"), row(3, "Ben")], [row(4, "Ana"), row(5, "")]]
    for portion in portions:
        mark_duplicates(
            portion,
            key=lambda each: each.values.get("Name"),
            column="Name",
            sentence="It is in row %(row)s.",
            first_rows=first_rows,
        )
    errors = {each.number: [*map(remark_text, each.remarks)] for portion in portions for each in portion}
    assert errors == {2: [], 3: [], 4: ["It is in row 2."], 5: ["This cell is empty."]}


def test_cells_come_in_the_order_of_the_columns() -> None:
    assert cells_in_order({"Day": FORMULA, "Name": "Ana"}, ["Name", "Day"]) == [("Name", "Ana"), ("Day", FORMULA)]


def test_values_of_a_remark_are_stored_as_json_and_filled_in_after_translating() -> None:
    preview = row(2, "Ana")
    preview.add_remark("Hours", "On record with %(hours)s hours.", hours=Decimal("1.50"))
    [remark] = json.loads(json.dumps(preview.remarks))
    assert remark["text"] == "On record with %(hours)s hours."
    assert remark_text(remark) == "On record with 1.50 hours."
