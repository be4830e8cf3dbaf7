"""A released report, and how to read it. Pure.

`Report.as_dict()` is its fixed shape for everybody outside, and what the JSON file holds:

    {
        "period": "2025",  # followed by " (partial year)" where part of the year was not counted
        "rows": [{"vector": "persons", "code": "all", "lo": 40, "hi": 49}, ...],  # totals first, then each list
        "breakdown": {"period": "2025 to 2026", "first_year": 2025, "years": 2, "rows": [...]},
        "team": {...},  # figures about the team: TeamFigures
    }

A report is stored with the exact figures about the team. Who reads them is `Audience`; domain.team_bands makes what the
others read.

`breakdown` is there only where the lists are counted over two or three years together. `rows` then holds the totals
alone, and the breakdown's own `rows` are empty until the last of these years is closed. A list is one vocabulary
("vector") with its codes.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from .disclosure import Row

PeriodRow = tuple[str, Row]  # a row with the label of the period it counts


class Audience(StrEnum):
    """Who reads a report. STAFF: coordinator and director, on a page. PUBLIC: everybody else, and all files."""

    STAFF = "staff"
    PUBLIC = "public"


@dataclass(frozen=True)
class Outcome:
    """How many applications had one outcome, exactly."""

    code: str
    name: str
    count: int


@dataclass(frozen=True)
class OutcomeBand:
    """The band of ten that such a number is in."""

    code: str
    name: str
    lo: int
    hi: int


@dataclass(frozen=True)
class SubjectFigures:
    """One subject of training: hours trained, and how many members in service had each standing."""

    subject: str
    name: str
    hours: int | float
    current: int
    expiring: int
    lapsed: int
    missing: int


@dataclass(frozen=True)
class SessionFigures:
    """Sessions of one kind, and their total attendance."""

    code: str
    name: str
    count: int
    people: int


@dataclass(frozen=True, kw_only=True)
class TeamFigures:
    """Figures about the team. None: an older report does not have it, or this reader doesn't get it.

    members: by the code of their state. on_call_share: of the period's hours, from 0 to 1. applications: exact, or in
    bands. endings: in bands, and then in the place of `de_selections` and `departures`.
    """

    members: Mapping[str, int]
    designations: int
    de_selections: int | None = None
    departures: int | None = None
    endings: tuple[OutcomeBand, ...] | None = None
    on_call_share: float | None = None
    applications: tuple[Outcome | OutcomeBand, ...] | None = None
    training: tuple[SubjectFigures, ...]
    sessions: tuple[SessionFigures, ...] | None = None

    @property
    def is_in_bands(self) -> bool:
        return self.endings is not None or any(isinstance(each, OutcomeBand) for each in self.applications or ())

    def as_dict(self) -> dict[str, Any]:
        figures = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in figures.items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "TeamFigures":
        figures = dict(data)
        for name, kind in KINDS.items():
            if name in figures:
                figures[name] = tuple(kind(**each) for each in figures[name])
        return cls(**figures)


def _outcome(**figures: Any) -> Outcome | OutcomeBand:
    return OutcomeBand(**figures) if "lo" in figures else Outcome(**figures)


# By the name of a list: what makes one of its entries from what is stored.
KINDS: Mapping[str, Callable[..., Any]] = {
    "applications": _outcome,
    "endings": OutcomeBand,
    "training": SubjectFigures,
    "sessions": SessionFigures,
}


@dataclass(frozen=True)
class Breakdown:
    """The lists of several years; no rows until the last of these years is closed."""

    period: str
    first_year: int
    years: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    period: str
    rows: tuple[Row, ...]
    breakdown: Breakdown | None = None
    team: TeamFigures

    def rows_with_period(self) -> list[PeriodRow]:
        """Every released row with the period it counts: the year's own, or the years counted together."""
        own = [(self.period, row) for row in self.rows]
        return own + [(self.breakdown.period, row) for row in self.breakdown.rows] if self.breakdown else own

    def all_rows(self) -> list[Row]:
        return [row for _, row in self.rows_with_period()]

    def has_list(self, vector: str) -> bool:
        """Whether it has rows of this list: not where they are still counted together with a later year."""
        return any(row.vector == vector for row in self.all_rows())

    def without_list(self, vector: str) -> "Report":
        """A copy that leaves out one list, in the breakdown too."""
        breakdown = self.breakdown and replace(self.breakdown, rows=_without(self.breakdown.rows, vector))
        return replace(self, rows=_without(self.rows, vector), breakdown=breakdown)

    def as_dict(self) -> dict[str, Any]:
        """The fixed shape, see above."""
        rows = {"period": self.period, "rows": _as_dicts(self.rows)}
        breakdown = self.breakdown and {**vars(self.breakdown), "rows": _as_dicts(self.breakdown.rows)}
        return rows | ({"breakdown": breakdown} if breakdown else {}) | {"team": self.team.as_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Report":
        breakdown = data.get("breakdown")
        return cls(
            period=data["period"],
            rows=_rows(data["rows"]),
            breakdown=Breakdown(**{**breakdown, "rows": _rows(breakdown["rows"])}) if breakdown else None,
            team=TeamFigures.from_dict(data["team"]),
        )


def _rows(rows: list[dict[str, Any]]) -> tuple[Row, ...]:
    return tuple(Row(**row) for row in rows)


def _as_dicts(rows: tuple[Row, ...]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]


def _without(rows: tuple[Row, ...], vector: str) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.vector != vector)
