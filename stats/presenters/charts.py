"""A report for people: for each list its range bars on a scale of its own, and the team in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from peersupport.program.vocabulary import VOCABULARIES, Vocabulary

from ..documents.exports import lines

SHORTEST_SCALE = 100  # a band of ten must not look like half of everything
NARROWEST_BAND = 1.5  # percent of the scale, so that it can be seen on a long one
ROUND = (1, 1.5, 2, 3, 4, 5, 6, 8)
TOTALS = {"persons": "People, new this year", "contacts": "Contacts"}
HOW_COUNTED = {
    "person": "Counted once for each person, at their first contact of the year.",
    "contact": "Counted at each contact.",
    "session": "Sessions, not people.",
}
TOTALS_COUNTED = "Never less than what any list below adds up to."
REFERRAL_COUNTED = "Counted once for each person, at the first referral of the year; offered, not taken up."
STANDINGS = {"current": "Current", "expiring": "Lapse within 60 days", "lapsed": "Lapsed", "missing": "Never trained"}


@dataclass(frozen=True)
class Bar:
    """One line: x and width in percent of the scale; a line with too few has no band."""

    code: str
    label: str
    lo: int
    hi: int
    x: float
    width: float

    @property
    def is_too_few(self) -> bool:
        return self.lo == 0

    @property
    def words(self) -> str:
        return "too few to break down" if self.is_too_few else f"about {self.lo:,}–{self.hi:,}"


@dataclass(frozen=True)
class Picture:
    """One list with its bars, from 0 to `scale`."""

    name: str
    title: str
    how_counted: str
    scale: int
    bars: tuple[Bar, ...]

    @property
    def scale_words(self) -> str:
        return f"{self.scale:,}"

    @property
    def has_bands(self) -> bool:
        return not all(bar.is_too_few for bar in self.bars)


def pictures(rows: Sequence[Mapping[str, Any]]) -> list[Picture]:
    """The report's rows as pictures, in their order: persons and contacts first, in one. A list may be left out."""
    totals = [(TOTALS[row["vector"]], row) for row in rows if row["vector"] in TOTALS]
    return [
        _picture("totals", "People and contacts", TOTALS_COUNTED, totals),
        *(
            _picture(
                vector.name,
                vector.label,
                _how_counted(vector),
                [(vector.labels[row["code"]], row) for row in rows if row["vector"] == vector.name],
            )
            for vector in VOCABULARIES.values()
            if any(row["vector"] == vector.name for row in rows)
        ),
    ]


@dataclass(frozen=True)
class Line:
    """One code over the years: its bars on one scale, named by their years."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Comparison:
    """One list over several years."""

    name: str
    title: str
    how_counted: str
    scale_words: str
    lines: tuple[Line, ...]


def side_by_side(reports: Sequence[Mapping[str, Any]]) -> list[Comparison]:
    """Several years, list by list and code by code: no sum, no arrow, no percentage. At least one year."""
    having: dict[str, list[tuple[Picture, str]]] = {name: [] for name in ("totals", *VOCABULARIES)}
    for report in reports:
        periods = {row["vector"]: period for period, row in lines(report)}
        for picture in pictures([row for _, row in lines(report)]):
            having[picture.name].append((picture, periods.get(picture.name, report["period"])))
    return [_comparison(*zip(*found, strict=True)) for found in having.values() if found]


def _comparison(found: Sequence[Picture], periods: Sequence[str]) -> Comparison:
    scale, first = max(picture.scale for picture in found), found[0]
    lines = tuple(
        Line(
            bars[0].label,
            tuple(
                _bar(period, {"vector": bar.code, "code": str(place), "lo": bar.lo, "hi": bar.hi}, scale)
                for place, (bar, period) in enumerate(zip(bars, periods, strict=True))
            ),
        )
        for bars in zip(*(picture.bars for picture in found), strict=True)
    )
    return Comparison(first.name, first.title, first.how_counted, f"{scale:,}", lines)


def scale_for(highest: int) -> int:
    """The next round number above the highest bound."""
    steps = (int(step * 10**power) for power in count(2) for step in ROUND)
    return next(step for step in steps if step > max(highest, SHORTEST_SCALE - 1))


def _picture(name: str, title: str, how_counted: str, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> Picture:
    scale = scale_for(max(row["hi"] for _, row in rows))
    return Picture(name, title, how_counted, scale, tuple(_bar(label, row, scale) for label, row in rows))


def _bar(label: str, row: Mapping[str, Any], scale: int) -> Bar:
    lo, hi = row["lo"], row["hi"]
    width = max(100 * (hi + 1 - lo) / scale, NARROWEST_BAND)
    x = min(100 * lo / scale, 100 - width)
    return Bar(row["vector"] + "-" + row["code"], label, lo, hi, round(x, 2), round(width, 2))


def _how_counted(vector: Vocabulary) -> str:
    return REFERRAL_COUNTED if vector.name == "referral" else HOW_COUNTED[vector.level]
