"""A report's bands as charts: the range bars of each list on one scale, in one year or over several."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peersupport.program.vocabulary import VOCABULARIES, Vocabulary

from ..domain.disclosure import Row
from ..domain.report import Report

SHORTEST_SCALE = 100  # a band of ten must not look like half of everything
NARROWEST_BAND = 1.5  # percent of the scale, so that it can be seen on a long one
ROUND = (1, 1.5, 2, 3, 4, 5, 6, 8)
TOTALS = {"persons": gettext_lazy("People (first contact this year)"), "contacts": gettext_lazy("Contacts")}
HOW_COUNTED = {
    "person": gettext_lazy("Counted once per person, at their first contact of the year, as far as the peer knows."),
    "contact": gettext_lazy("Counted at every contact."),
    "session": gettext_lazy("Sessions, not people."),
}
TOTALS_COUNTED = gettext_lazy("At least the total of any list below.")
REFERRAL_COUNTED = gettext_lazy(
    "Counted once per person, at their first referral of the year. Referrals offered, whether or not they were used."
)


@dataclass(frozen=True)
class Bar:
    """One line: x and width in percent of the scale; a line with too few has no band.

    description: the same for someone who doesn't see the picture.
    """

    code: str
    label: str
    lo: int
    hi: int
    x: float
    width: float
    description: str

    @property
    def is_too_few(self) -> bool:
        return self.lo == 0

    @property
    def text(self) -> str:
        return _("too few to break down") if self.is_too_few else _("about %(lo)s–%(hi)s") % band(self.lo, self.hi)


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
        return grouped(self.scale)

    @property
    def has_bands(self) -> bool:
        return not all(bar.is_too_few for bar in self.bars)

    @property
    def too_few(self) -> str:
        """Said of a list without any band."""
        return _("Too few to break down: %(lines)s.") % {"lines": "; ".join(bar.label for bar in self.bars)}


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


def range_charts(rows: Sequence[Row]) -> list[Chart]:
    """A chart of persons and contacts, then one for each list that has rows, in the vocabulary's order."""
    totals = [(str(TOTALS[row.vector]), row) for row in rows if row.vector in TOTALS]
    return [
        _chart("totals", _("People and contacts"), str(TOTALS_COUNTED), totals),
        *(
            _chart(
                vector.name,
                _(vector.label),
                _how_counted(vector),
                [(_(vector.labels[row.code]), row) for row in rows if row.vector == vector.name],
            )
            for vector in VOCABULARIES.values()
            if any(row.vector == vector.name for row in rows)
        ),
    ]


def compare_years(reports: Sequence[Report]) -> list[Comparison]:
    """Several years, list by list and code by code: no sum, no arrow, no percentage. `reports`: at least one."""
    by_list: dict[str, list[tuple[Chart, str]]] = {name: [] for name in ("totals", *VOCABULARIES)}
    for report in reports:
        periods = {row.vector: period for period, row in report.rows_with_period()}
        for chart in range_charts(report.all_rows()):
            by_list[chart.name].append((chart, periods.get(chart.name, report.period)))
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
                _bar(period, Row(bar.code, str(number), bar.lo, bar.hi), scale)
                for number, (bar, period) in enumerate(zip(bars, periods, strict=True))
            ),
        )
        for bars in zip(*(chart.bars for chart in charts), strict=True)
    )
    return Comparison(first.name, first.title, first.how_counted, grouped(scale), codes)


def _chart(name: str, title: str, how_counted: str, rows: Sequence[tuple[str, Row]]) -> Chart:
    scale = scale_for(max(row.hi for __, row in rows))
    return Chart(name, title, how_counted, scale, tuple(_bar(label, row, scale) for label, row in rows))


def _bar(label: str, row: Row, scale: int) -> Bar:
    width = max(100 * (row.hi + 1 - row.lo) / scale, NARROWEST_BAND)
    x = min(100 * row.lo / scale, 100 - width)
    code = f"{row.vector}-{row.code}"
    return Bar(code, label, row.lo, row.hi, round(x, 2), round(width, 2), _description(row, scale))


def _description(row: Row, scale: int) -> str:
    if row.lo == 0:
        return _("No band.")
    numbers = band(row.lo, row.hi) | {"scale": grouped(scale)}
    return _("A band from %(lo)s to %(hi)s on a scale from 0 to %(scale)s.") % numbers


def band(lo: int, hi: int) -> dict[str, str]:
    return {"lo": grouped(lo), "hi": grouped(hi)}


def grouped(number: int | float) -> str:
    """With separators between thousands: "4,320"."""
    return number_format(number, force_grouping=True)


def _how_counted(vector: Vocabulary) -> str:
    return str(REFERRAL_COUNTED if vector.name == "referral" else HOW_COUNTED[vector.level])
