"""What a cell of an import may say, and what becomes of its row. Pure; what a cell may not say raises Refused."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from peersupport.core.sentences import gettext_noop as _

from ..errors import Refused
from .reading import FORMULA, MAX_CELL_LENGTH

AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


class RowOutcome(StrEnum):
    """What becomes of a row: it is written, changes nothing because it is on record, or has to be corrected first."""

    NEW = "new"
    KNOWN = "known"
    WRONG = "wrong"


OUTCOME_LABELS: dict[RowOutcome, str] = {
    RowOutcome.NEW: _("New"),
    RowOutcome.KNOWN: _("Already on record"),
    RowOutcome.WRONG: _("Needs correcting"),
}


def optional_text(text: str) -> str:
    """The text of a cell that may be empty. Raises Refused for a formula, and over MAX_CELL_LENGTH characters."""
    if text == FORMULA:
        raise Refused(_("This cell has a formula. Please write its value instead."))
    if len(text) > MAX_CELL_LENGTH:
        raise Refused(_("This cell has too much text."))
    return text


def required_text(text: str) -> str:
    """The text of a cell that must not be empty. Raises Refused, as optional_text() does."""
    if not text:
        raise Refused(_("This cell is empty."))
    return optional_text(text)


def parse_day(text: str) -> date:
    """The day in a cell, written as 2024-03-31 or 3/31/2024. Raises Refused for anything else."""
    american = AMERICAN.fullmatch(text)
    try:
        if american:
            month, day, year = (int(part) for part in american.groups())
            return date(year, month, day)
        if ISO.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Refused(_("Please write the day as 2024-03-31 or 3/31/2024."))


def parse_cells(
    cells: Mapping[str, str], columns: Mapping[str, Callable[[str], object]]
) -> tuple[dict[str, object], dict[str, Refused]]:
    """What each cell means, and for each cell that has to be corrected the refusal that says so; both by column."""
    values: dict[str, object] = {}
    errors: dict[str, Refused] = {}
    for column, parse in columns.items():
        try:
            values[column] = parse(cells[column])
        except Refused as refused:
            errors[column] = refused
    return values, errors
