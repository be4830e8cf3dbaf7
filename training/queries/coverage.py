"""The coverage: the team against its subjects, filtered, with the gaps and the year ahead."""

from dataclasses import dataclass
from datetime import date

from peersupport.team import queries as team
from peersupport.team.models import Member

from ..domain.coverage import Gap, gaps, matrix, outlook, outlook_days
from ..domain.standing import Standing
from ..models import Subject
from . import subjects as subjects_queries


@dataclass(frozen=True)
class SubjectGap:
    subject: Subject
    gap: Gap


@dataclass(frozen=True)
class SubjectOutlook:
    """How many of the members who can serve are trained in a subject today and in each of twelve months."""

    subject: Subject
    counts: list[int]
    members: int


@dataclass(frozen=True)
class Coverage:
    """rows: each member with their standing in each of the subjects, in the same order. months: days of the outlook."""

    subjects: list[Subject]
    rows: list[tuple[Member, list[Standing]]]
    gaps: list[SubjectGap]
    ahead: list[SubjectOutlook]
    months: list[date]
    units: list[str]
    is_filtered: bool
    has_members: bool


def coverage_for(today: date, *, kind: str = "", unit: str = "", subject: str = "") -> Coverage:
    """The filters choose rows and columns; the gaps and the year ahead are of all members who can serve today."""
    members, subjects = team.serving(today), subjects_queries.subjects_in_use()
    table = matrix(
        [member.pk for member in members], [s.code for s in subjects], subjects_queries.last_completions(today), today
    )
    able = [table[member.pk] for member, reasons in members.items() if not reasons]
    rows = [member for member in members if (not kind or member.kind == kind) and (not unit or member.unit == unit)]
    columns = [each for each in subjects if not subject or each.code == subject]
    return Coverage(
        subjects=columns,
        rows=[(member, [table[member.pk][each.code] for each in columns]) for member in rows],
        gaps=_gaps(subjects, able),
        ahead=[_outlook(each, able, today) for each in columns] if able else [],
        months=outlook_days(today),
        units=sorted({member.unit for member in members if member.unit}),
        is_filtered=bool(kind or unit or subject),
        has_members=bool(members),
    )


def _gaps(subjects: list[Subject], able: list[dict[str, Standing]]) -> list[SubjectGap]:
    required = {subject.code: subject for subject in subjects if subject.required_for}
    found = gaps({code: [row[code] for row in able] for code in required})
    return [SubjectGap(required[gap.code], gap) for gap in found]


def _outlook(subject: Subject, able: list[dict[str, Standing]], today: date) -> SubjectOutlook:
    return SubjectOutlook(subject, outlook([row[subject.code] for row in able], today), len(able))
