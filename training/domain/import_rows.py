"""What becomes of a row of history. Pure: the members, the subjects and today are arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from peersupport.core.errors import Refused
from peersupport.core.spreadsheet.cells import day_in, filled, parse_cells
from peersupport.core.spreadsheet.reading import Row

from .plausibility import check_past, checked_hours

COLUMNS = ("E-mail", "Subject", "Completed on", "Hours")


Key = tuple[int | None, int | None, date | None]  # member, subject, day: one record


@dataclass
class Checked:
    """A row with what it means; wrong: by column what is to be corrected, in words."""

    row: Row
    member: int | None = None
    subject: int | None = None
    completed_on: date | None = None
    hours: Decimal | None = None
    wrong: list[dict[str, str]] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return self.member, self.subject, self.completed_on


def check_row(row: Row, members: Mapping[str, int], subjects: Mapping[str, int], today: date) -> Checked:
    """members: numbers by e-mail in lower case; subjects: by code and by name in lower case."""
    values, wrong = parse_cells(
        row.cells,
        {
            "E-mail": lambda text: _known(filled(text), members, "Nobody on the roster has this address."),
            "Subject": lambda text: _known(filled(text), subjects, "This subject is not on the list."),
            "Completed on": lambda text: _day(filled(text), today),
            "Hours": lambda text: checked_hours(filled(text)),
        },
    )
    found = Checked(row, wrong=wrong)
    for column, value in values.items():
        setattr(found, _FIELDS[column], value)
    return found


_FIELDS = {"E-mail": "member", "Subject": "subject", "Completed on": "completed_on", "Hours": "hours"}


def _known(text: str, numbers: Mapping[str, int], sentence: str) -> int:
    number = numbers.get(text.casefold())
    if number is None:
        raise Refused(sentence)
    return number


def _day(text: str, today: date) -> date:
    found = day_in(text)
    check_past(found, today)
    return found
