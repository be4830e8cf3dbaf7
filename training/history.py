"""What becomes of a row of history. Pure: the members, the subjects and today are arguments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .facts import check_past, checked_hours
from .refusals import Refused
from .spreadsheet import FORMULA, LONGEST_CELL, Row

AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


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
    found = Checked(row)
    for column, understand in (
        ("E-mail", lambda text: _known(text, members, "Nobody on the roster has this address.")),
        ("Subject", lambda text: _known(text, subjects, "This subject is not on the list.")),
        ("Completed on", lambda text: _day(text, today)),
        ("Hours", checked_hours),
    ):
        text = row.cells[column]
        try:
            value = understand(_checked_text(text))
        except Refused as refused:
            found.wrong.append({"column": column, "words": refused.sentence})
        else:
            setattr(found, _FIELDS[column], value)
    return found


_FIELDS = {"E-mail": "member", "Subject": "subject", "Completed on": "completed_on", "Hours": "hours"}


def _checked_text(text: str) -> str:
    if text == FORMULA:
        raise Refused("This cell holds a formula. Please write its value instead.")
    if not text:
        raise Refused("This cell is empty.")
    if len(text) > LONGEST_CELL:
        raise Refused("This cell holds too much.")
    return text


def _known(text: str, numbers: Mapping[str, int], sentence: str) -> int:
    number = numbers.get(text.casefold())
    if number is None:
        raise Refused(sentence)
    return number


def _day(text: str, today: date) -> date:
    american = AMERICAN.fullmatch(text)
    try:
        if american:
            month, day, year = (int(part) for part in american.groups())
            found = date(year, month, day)
        elif ISO.fullmatch(text):
            found = date.fromisoformat(text)
        else:
            raise ValueError
    except ValueError:
        raise Refused("Please write the day as 2024-03-31 or 3/31/2024.") from None
    check_past(found, today)
    return found
