"""What a cell of an import may say, and what becomes of its row. Pure. Raises Refused in words."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from ..errors import Refused
from .reading import FORMULA, LONGEST_CELL

AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


class RowOutcome(StrEnum):
    """What an import makes of a row: it is written, changes nothing, or is to be corrected first."""

    NEW = "new"
    KNOWN = "known"
    WRONG = "wrong"


OUTCOME_LABELS: dict[RowOutcome, str] = {
    RowOutcome.NEW: "New",
    RowOutcome.KNOWN: "On record already",
    RowOutcome.WRONG: "To be corrected",
}


def checked(text: str) -> str:
    """A cell's text, which may be empty."""
    if text == FORMULA:
        raise Refused("This cell holds a formula. Please write its value instead.")
    if len(text) > LONGEST_CELL:
        raise Refused("This cell holds too much.")
    return text


def filled(text: str) -> str:
    if not text:
        raise Refused("This cell is empty.")
    return checked(text)


def shown(text: str) -> str:
    """As a page shows it: a formula is named, not repeated."""
    return "(a formula)" if text == FORMULA else text


def day_in(text: str) -> date:
    american = AMERICAN.fullmatch(text)
    try:
        if american:
            month, day, year = (int(part) for part in american.groups())
            return date(year, month, day)
        if ISO.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Refused("Please write the day as 2024-03-31 or 3/31/2024.")


def parse_cells(
    cells: Mapping[str, str], columns: Mapping[str, Callable[[str], object]]
) -> tuple[dict[str, object], list[dict[str, str]]]:
    """What each cell means, by column; and what is to be corrected, by column and in words."""
    values: dict[str, object] = {}
    wrong: list[dict[str, str]] = []
    for column, understand in columns.items():
        try:
            values[column] = understand(cells[column])
        except Refused as refused:
            wrong.append({"column": column, "words": refused.sentence})
    return values, wrong
