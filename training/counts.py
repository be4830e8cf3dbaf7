"""Exact figures for the yearly report: numbers only, no member is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, Subquery, Sum

from .domain.standing import Standing, Status
from .domain.states import GIVEN_SESSION_LABELS, GivenSessionKind, SessionState
from .models import GivenSession, Record, Session, Subject
from .queries import standings


@dataclass(frozen=True)
class SubjectCount:
    """One subject: hours trained in a period, and how many members in service have each status on its last day."""

    code: str
    name: str
    hours: Decimal
    standing: dict[Status, int]


def by_subject(first: date, last: date) -> list[SubjectCount]:
    """For each subject in use, from the first to the last day inclusive.

    Whoever is on leave or on a pause counts: a report that left them out would tell how many are.
    """
    in_period = Record.objects.filter(subject=OuterRef("pk"), completed_on__range=(first, last)).order_by()
    trained = in_period.values("subject").annotate(trained=Sum("hours")).values("trained")
    subjects = list(Subject.objects.filter(is_retired=False).order_by("id").annotate(trained=Subquery(trained)))
    counted = standings.of_those_in_service(last)
    return [
        SubjectCount(s.code, s.name, s.trained or Decimal(0), _by_status(counted.get(s.code, {}))) for s in subjects
    ]


@dataclass(frozen=True)
class GivenCount:
    """Sessions of one kind that the team gave in a period, and their total attendance."""

    kind: str
    label: str
    sessions: int
    headcount: int


def given(first: date, last: date) -> list[GivenCount]:
    """Education and outreach, from the first to the last day inclusive."""
    in_period = GivenSession.objects.filter(held_on__range=(first, last)).order_by()
    sums = {row["kind"]: row for row in in_period.values("kind").annotate(n=Count("pk"), heads=Sum("headcount"))}
    none = {"n": 0, "heads": 0}
    return [
        GivenCount(kind.value, GIVEN_SESSION_LABELS[kind], sums.get(kind, none)["n"], sums.get(kind, none)["heads"])
        for kind in GivenSessionKind
    ]


@dataclass(frozen=True)
class HeldCount:
    """Sessions that the team attended in a period, and their total attendance: a member at two counts twice."""

    sessions: int
    headcount: int


def held(first: date, last: date) -> HeldCount:
    """From the first to the last day inclusive. A session counts on its local day."""
    a_day = timedelta(days=1)  # no time zone is further away
    near = Session.objects.filter(state=SessionState.HELD, ends_at__date__range=(first - a_day, last + a_day))
    attendees = Count("enrollments", filter=Q(enrollments__attended=True))
    sessions = [each for each in near.order_by().annotate(attendees=attendees) if first <= each.day <= last]
    return HeldCount(len(sessions), sum(each.attendees for each in sessions))


def _by_status(counted: Mapping[Standing, int]) -> dict[Status, int]:
    counts = dict.fromkeys(Status, 0)
    for standing, number in counted.items():
        counts[standing.status] += number
    return counts
