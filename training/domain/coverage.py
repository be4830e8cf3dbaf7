"""Who holds what, and what is about to lapse: members by subjects. Pure: today is an argument."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .validity import FAR, last_lapse, months_later

NOTICE_DAYS = 60
MONTHS_AHEAD = 12
FEW = 2  # so many holders or fewer are a gap: one on leave and one asleep leave nobody


class Status(StrEnum):
    CURRENT = "current"
    EXPIRING = "expiring"
    LAPSED = "lapsed"
    MISSING = "missing"


LABELS: dict[Status, str] = {
    Status.CURRENT: "Current",
    Status.EXPIRING: "Lapses soon",
    Status.LAPSED: "Lapsed",
    Status.MISSING: "Missing",
}
# Seen without color, and printed in black.
MARKS: dict[Status, str] = {Status.CURRENT: "●", Status.EXPIRING: "◐", Status.LAPSED: "○", Status.MISSING: "–"}
HOLDING = frozenset({Status.CURRENT, Status.EXPIRING})

Completed = Sequence[tuple[date, int | None]]


@dataclass(frozen=True)
class Cell:
    """Where one member stands in one subject. lapses_on: none where it is missing, or valid for good."""

    status: Status
    lapses_on: date | None = None


MISSING = Cell(Status.MISSING)


def cell(completed: Iterable[tuple[date, int | None]], today: date) -> Cell:
    """From the days a member completed the subject, each with the months of its rule.

    Expiring is current still, and lapses within 60 days.
    """
    lapse = last_lapse(completed, today)
    if lapse is None:
        return MISSING
    if lapse == FAR:
        return Cell(Status.CURRENT)
    if lapse <= today:
        return Cell(Status.LAPSED, lapse)
    return Cell(Status.EXPIRING if lapse <= today + timedelta(days=NOTICE_DAYS) else Status.CURRENT, lapse)


def matrix(
    members: Iterable[int], subjects: Iterable[str], completed: Mapping[tuple[int, str], Completed], today: date
) -> dict[int, dict[str, Cell]]:
    """Each member's standing in each subject (by its code)."""
    codes = list(subjects)
    return {member: {code: cell(completed.get((member, code), ()), today) for code in codes} for member in members}


def points(today: date) -> list[date]:
    """Today, and the same day of each of the coming twelve months."""
    return [months_later(today, months) for months in range(MONTHS_AHEAD + 1)]


def outlook(cells: Iterable[Cell], today: date) -> list[int]:
    """How many of them still hold the subject today and in each of the coming twelve months, if nobody trains."""
    lapses = sorted(one.lapses_on or FAR for one in cells if one.status in HOLDING)
    return [len(lapses) - bisect_right(lapses, point) for point in points(today)]


@dataclass(frozen=True)
class Gap:
    """A subject that matching asks for and few hold: how many now, and when the next of them lapse."""

    code: str
    holders: int
    lapses: tuple[date, ...]


def gaps(cells_by_subject: Mapping[str, Sequence[Cell]]) -> list[Gap]:
    """Of the subjects given (those that matching requires): few holders, or few left within 60 days. Fewest first."""
    found = []
    for code, cells in cells_by_subject.items():
        holders = [one for one in cells if one.status in HOLDING]
        lapses = tuple(sorted(one.lapses_on for one in holders if one.status == Status.EXPIRING and one.lapses_on))
        if len(holders) - len(lapses) <= FEW:
            found.append(Gap(code, len(holders), lapses))
    return sorted(found, key=lambda gap: (gap.holders - len(gap.lapses), gap.holders))
