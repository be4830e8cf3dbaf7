"""The coverage page's content: the team against its subjects, filtered, with gaps and the year ahead."""

from dataclasses import dataclass
from datetime import date

from peersupport.program.vocabulary import CONCERN
from peersupport.team.domain.states import State
from peersupport.team.models import Member

from ..domain.coverage import Cell, gaps, matrix, outlook, points
from ..models import Subject
from ..presenters.wording import gap_words
from . import records
from . import subjects as subjects_queries


@dataclass(frozen=True)
class GapRow:
    words: str
    needed_for: str
    is_nobody: bool


@dataclass(frozen=True)
class Ahead:
    """One subject over the coming year: how many hold it today and in each of twelve months."""

    subject: Subject
    counts: list[int]
    highest: int

    @property
    def bars(self) -> str:
        """The path of thirteen bars on a ground of 130 by 32, each as high as its share of the team."""
        top = max(self.highest, 1)
        heights = [round(28 * count / top, 1) for count in self.counts]
        return "".join(f"M{10 * place + 1} 31v-{height}h8v{height}z" for place, height in enumerate(heights))

    @property
    def words(self) -> str:
        lowest = self.counts[-1]
        return f"{self.counts[0]} now, {lowest} in a year"


@dataclass(frozen=True)
class Coverage:
    subjects: list[Subject]
    rows: list[tuple[Member, list[Cell]]]
    gaps: list[GapRow]
    ahead: list[Ahead]
    months: list[date]
    units: list[str]
    is_filtered: bool
    has_members: bool


def coverage_for(today: date, *, kind: str = "", unit: str = "", subject: str = "") -> Coverage:
    """Gaps and the year ahead are of all designated members; the filters choose rows and columns of the table."""
    members, subjects = list(records.members_seen()), subjects_queries.subjects_in_use()
    table = matrix([one.pk for one in members], [s.code for s in subjects], subjects_queries.completions(today), today)
    serving = [table[one.pk] for one in members if one.state == State.DESIGNATED]
    shown = [one for one in members if (not kind or one.kind == kind) and (not unit or one.unit == unit)]
    columns = [each for each in subjects if not subject or each.code == subject]
    return Coverage(
        subjects=columns,
        rows=[(one, [table[one.pk][each.code] for each in columns]) for one in shown],
        gaps=_gaps(subjects, serving),
        ahead=[_ahead(each, serving, today) for each in columns] if serving else [],
        months=points(today),
        units=sorted({one.unit for one in members if one.unit}),
        is_filtered=bool(kind or unit or subject),
        has_members=bool(members),
    )


def _gaps(subjects: list[Subject], serving: list[dict[str, Cell]]) -> list[GapRow]:
    by_code = {each.code: each for each in subjects if each.required_for}
    found = gaps({code: [row[code] for row in serving] for code in by_code})
    return [
        GapRow(gap_words(gap, by_code[gap.code].name), _concerns(by_code[gap.code]), not gap.holders) for gap in found
    ]


def _concerns(subject: Subject) -> str:
    return ", ".join(CONCERN.labels[code].lower() for code in subject.required_for if code in CONCERN.labels)


def _ahead(subject: Subject, serving: list[dict[str, Cell]], today: date) -> Ahead:
    return Ahead(subject, outlook([row[subject.code] for row in serving], today), len(serving))
