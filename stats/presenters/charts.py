"""A report's bands as charts: the range bars of each list on one scale, in one year or over several. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from peersupport.core.sentences import gettext_noop as _
from peersupport.program.vocabulary import VOCABULARIES, Vocabulary

from ..domain.report import Report, ReportRow, rows_with_period

SHORTEST_SCALE = 100  # a band of ten must not look like half of everything
NARROWEST_BAND = 1.5  # percent of the scale, so that it can be seen on a long one
ROUND = (1, 1.5, 2, 3, 4, 5, 6, 8)
TOTALS = {"persons": _("People, new this year"), "contacts": "Contacts"}
HOW_COUNTED = {
    "person": _("Counted once for each person, at their first contact of the year."),
    "contact": _("Counted at each contact."),
    "session": _("Sessions, not people."),
}
TOTALS_COUNTED = _("Never less than what any list below adds up to.")
REFERRAL_COUNTED = _("Counted once for each person, at the first referral of the year; offered, not taken up.")


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
    def text(self) -> str:
        return _("too few to break down") if self.is_too_few else f"about {self.lo:,}–{self.hi:,}"


@dataclass(frozen=True)
class Chart:
    """One list with its bars, from 0 to `scale`."""

    name: str
    title: str
    how_counted: str
    scale: int
    bars: tuple[Bar, ...]

    @property
    def scale_label(self) -> str:
        return f"{self.scale:,}"

    @property
    def has_bands(self) -> bool:
        return not all(bar.is_too_few for bar in self.bars)


@dataclass(frozen=True)
class CodeOverYears:
    """One code over the years: its bars on one scale, labeled with their years."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Comparison:
    """One list over several years."""

    name: str
    title: str
    how_counted: str
    scale_label: str
    codes: tuple[CodeOverYears, ...]


def range_charts(rows: Sequence[ReportRow]) -> list[Chart]:
    """A chart of persons and contacts, then one for each list that has rows, in the vocabulary's order."""
    totals = [(TOTALS[row["vector"]], row) for row in rows if row["vector"] in TOTALS]
    return [
        _chart("totals", _("People and contacts"), TOTALS_COUNTED, totals),
        *(
            _chart(
                vector.name,
                vector.label,
                _how_counted(vector),
                [(vector.labels[row["code"]], row) for row in rows if row["vector"] == vector.name],
            )
            for vector in VOCABULARIES.values()
            if any(row["vector"] == vector.name for row in rows)
        ),
    ]


def compare_years(reports: Sequence[Report]) -> list[Comparison]:
    """Several years, list by list and code by code: no sum, no arrow, no percentage. `reports`: at least one."""
    by_list: dict[str, list[tuple[Chart, str]]] = {name: [] for name in ("totals", *VOCABULARIES)}
    for report in reports:
        rows, year = rows_with_period(report), str(report["period"])
        periods = {row["vector"]: period for period, row in rows}
        for chart in range_charts([row for __, row in rows]):
            by_list[chart.name].append((chart, periods.get(chart.name, year)))
    return [_comparison(*zip(*charts, strict=True)) for charts in by_list.values() if charts]


def scale_for(highest: int) -> int:
    """The next round number above the highest bound."""
    steps = (int(step * 10**power) for power in count(2) for step in ROUND)
    return next(step for step in steps if step > max(highest, SHORTEST_SCALE - 1))


def _comparison(charts: Sequence[Chart], periods: Sequence[str]) -> Comparison:
    scale, first = max(chart.scale for chart in charts), charts[0]
    codes = tuple(
        CodeOverYears(
            bars[0].label,
            tuple(
                _bar(period, {"vector": bar.code, "code": str(number), "lo": bar.lo, "hi": bar.hi}, scale)
                for number, (bar, period) in enumerate(zip(bars, periods, strict=True))
            ),
        )
        for bars in zip(*(chart.bars for chart in charts), strict=True)
    )
    return Comparison(first.name, first.title, first.how_counted, f"{scale:,}", codes)


def _chart(name: str, title: str, how_counted: str, rows: Sequence[tuple[str, ReportRow]]) -> Chart:
    scale = scale_for(max(row["hi"] for _, row in rows))
    return Chart(name, title, how_counted, scale, tuple(_bar(label, row, scale) for label, row in rows))


def _bar(label: str, row: Mapping[str, Any], scale: int) -> Bar:
    lo, hi = row["lo"], row["hi"]
    width = max(100 * (hi + 1 - lo) / scale, NARROWEST_BAND)
    x = min(100 * lo / scale, 100 - width)
    return Bar(row["vector"] + "-" + row["code"], label, lo, hi, round(x, 2), round(width, 2))


def _how_counted(vector: Vocabulary) -> str:
    return REFERRAL_COUNTED if vector.name == "referral" else HOW_COUNTED[vector.level]
