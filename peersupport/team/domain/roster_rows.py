"""What a row of a roster says, and what becomes of it. Who is on the roster already, and today, are arguments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from peersupport.core.errors import Refused
from peersupport.core.spreadsheet.cells import RowOutcome, checked, day_in, filled, parse_cells, shown
from peersupport.core.spreadsheet.reading import Row

from .states import KIND_LABELS, Kind

COLUMNS = (
    "E-mail", "Name", "Kind", "Unit", "Agency", "Supervisor",
    "Designated on", "Designated by", "Order", "Term ends on", "Agreement signed on",
)  # fmt: skip
EXAMPLE = (
    "name@example.org", "Pat Example", "Sworn", "Patrol", "", "no",
    "2024-03-31", "Sheriff Example", "2024-17", "2027-03-31", "2024-03-30",
)  # fmt: skip
MOST_PEOPLE = 2_000
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)
YES_OR_NO = {"yes": True, "no": False, "": False}
KINDS = {word.casefold(): kind for kind in Kind for word in (kind.value, KIND_LABELS[kind])}
# What is compared for somebody who is on the roster already.
ON_RECORD = ("Designated on", "Designated by", "Order", "Term ends on", "Agreement signed on")


@dataclass
class Line:
    """A row with what it means and what becomes of it; remarks: by column what there is to say, in words."""

    number: int
    cells: dict[str, str]
    values: dict[str, Any]
    fate: RowOutcome = RowOutcome.NEW
    remarks: list[dict[str, str]] = field(default_factory=list)

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Its cells after the name; the name stands before them."""
        return [(name, shown(self.cells[name])) for name in COLUMNS if name != "Name"]

    @property
    def name(self) -> str:
        return shown(self.cells["Name"])

    def correct(self, column: str, words: str) -> None:
        self.fate = RowOutcome.WRONG
        self.remarks.append({"column": column, "words": words})


@dataclass(frozen=True)
class Known:
    """Somebody whom the program knows. on_record: by column what stands there, for somebody on the roster."""

    on_record: Mapping[str, object] | None = None
    has_left: bool = False
    is_operator: bool = False


def plan(rows: Sequence[Row], known: Mapping[str, Known], today: date) -> list[Line]:
    """known: by e-mail in lower case."""
    lines = [_line(row, today) for row in rows]
    first_seen: dict[str, int] = {}
    for line in lines:
        address = line.values.get("E-mail")
        if address is None:
            continue
        if first_seen.setdefault(address, line.number) != line.number:
            line.correct("E-mail", f"This person stands in row {first_seen[address]} already. Please remove one.")
        _meet(line, known.get(address, Known()))
    return lines


def _meet(line: Line, one: Known) -> None:
    """What the program knows of this person already."""
    if one.is_operator:
        line.correct("E-mail", "This person runs the server, and cannot be a member beside it.")
    elif one.has_left:
        line.correct("E-mail", "This person has left the team. Please invite them again instead.")
    elif one.on_record is not None and line.fate != RowOutcome.WRONG:
        line.fate = RowOutcome.KNOWN
        for column in ON_RECORD:
            stands = one.on_record[column]
            if line.values[column] not in (stands, "", None):
                words = f"On record as {stands}, which stays." if stands else "Not on record, and stays so."
                line.remarks.append({"column": column, "words": words})


def _line(row: Row, today: date) -> Line:
    values, wrong = parse_cells(row.cells, _understanding(today))
    line = Line(row.number, row.cells, values, RowOutcome.WRONG if wrong else RowOutcome.NEW, wrong)
    day, until = values.get("Designated on"), values.get("Term ends on")
    if not row.cells["Designated on"]:
        for column in ("Designated by", "Order", "Term ends on"):
            if row.cells[column]:
                line.correct("Designated on", f"“{column}” is filled, so this cell needs the day.")
                break
    elif not row.cells["Designated by"]:
        line.correct("Designated by", "Please write who designated them.")
    if isinstance(day, date) and isinstance(until, date) and until <= day:
        line.correct("Term ends on", "A term ends after the designation.")
    return line


def _understanding(today: date) -> dict[str, Callable[[str], object]]:
    return {
        "E-mail": _address,
        "Name": lambda text: _at_most(filled(text), 120),
        "Kind": lambda text: _one_of(filled(text), KINDS, ", ".join(KIND_LABELS.values())),
        "Unit": lambda text: _at_most(text, 80),
        "Agency": lambda text: _at_most(text, 120),
        "Supervisor": lambda text: _one_of(text, YES_OR_NO, "yes, no"),
        "Designated on": lambda text: _day(text, today),
        "Designated by": lambda text: _at_most(text, 120),
        "Order": lambda text: _at_most(text, 60),
        "Term ends on": lambda text: _day(text, LATEST),
        "Agreement signed on": lambda text: _day(text, today),
    }


def _address(text: str) -> str:
    address = filled(text).lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Refused("This is no e-mail address.") from None
    return address


def _at_most(text: str, letters: int) -> str:
    if len(checked(text)) > letters:
        raise Refused(f"At most {letters} characters.")
    return text


def _one_of(text: str, known: Mapping[str, object], words: str) -> object:
    found = known.get(checked(text).casefold())
    if found is None:
        raise Refused(f"Please write one of: {words}.")
    return found


def _day(text: str, latest: date) -> date | None:
    if not checked(text):
        return None
    day = day_in(text)
    if not EARLIEST <= day <= latest:
        raise Refused("Please look at the day again.")
    return day
