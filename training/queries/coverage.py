"""The coverage: the team against its subjects, filtered, with the gaps and the year ahead."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from peersupport.team.models import Member
from peersupport.team.queries import members as members_queries

from ..domain.coverage import Gap, gaps, matrix, outlook, outlook_days
from ..domain.standing import Standing
from ..models import Subject
from . import standings
from . import subjects as subjects_queries
from .standings import Standings

PAGE_SIZE = 50


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
    """rows: each member with their standing in each of the subjects, in the same order. months: days of the outlook.

    page: of which the rows are; None where they are all.
    """

    subjects: list[Subject]
    rows: list[tuple[Member, list[Standing]]]
    page: Page[Member] | None
    gaps: list[SubjectGap]
    ahead: list[SubjectOutlook]
    months: list[date]
    units: list[str]
    is_filtered: bool
    has_members: bool


def coverage_for(
    today: date, *, kind: str = "", unit: str = "", subject: str = "", search: str = "", page: str | None = None
) -> Coverage:
    """The filters choose rows and columns; the gaps and the year ahead are of all members who can serve today.

    search: words that must each occur in name, unit or agency. page: only the rows of this page, "1" being the first.
    """
    team, subjects = members_queries.current_members(), subjects_queries.subjects_in_use()
    chosen = members_queries.searched(team, search).filter(**_given(kind=kind, unit=unit))
    shown = None if page is None else Paginator(chosen, PAGE_SIZE).get_page(page)
    columns = [each for each in subjects if not subject or each.code == subject]
    of_able = standings.of_able(today)
    units = team.exclude(unit="").order_by("unit").values_list("unit", flat=True).distinct()
    return Coverage(
        subjects=columns,
        rows=_rows(chosen if shown is None else shown, columns, today),
        page=shown,
        gaps=_gaps(subjects, of_able),
        ahead=_ahead(columns, of_able, today),
        months=outlook_days(today),
        units=list(units),
        is_filtered=bool(kind or unit or subject),
        has_members=team.exists(),
    )


def _given(**filters: str) -> dict[str, str]:
    return {name: value for name, value in filters.items() if value}


def _rows(
    members: "QuerySet[Member] | Page[Member]", subjects: list[Subject], today: date
) -> list[tuple[Member, list[Standing]]]:
    shown = list(members)
    ids, codes = [member.pk for member in shown], [subject.code for subject in subjects]
    table = matrix(ids, codes, subjects_queries.last_completions(today, members=ids), today)
    return [(member, [table[member.pk][code] for code in codes]) for member in shown]


def _gaps(subjects: list[Subject], counted: Standings) -> list[SubjectGap]:
    required = {subject.code: subject for subject in subjects if subject.required_for}
    found = gaps({code: list(counted.get(code, Counter()).elements()) for code in required})
    return [SubjectGap(required[gap.code], gap) for gap in found]


def _ahead(subjects: list[Subject], counted: Standings, today: date) -> list[SubjectOutlook]:
    """None where nobody can serve."""
    if not any(counted.values()):
        return []
    return [_outlook(each, counted.get(each.code, Counter()), today) for each in subjects]


def _outlook(subject: Subject, counted: Counter[Standing], today: date) -> SubjectOutlook:
    return SubjectOutlook(subject, outlook(counted.elements(), today), counted.total())
