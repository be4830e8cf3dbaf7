"""What comes next in each subject that is not current: a report that waits, a session, or somebody to ask."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from peersupport.team.models import Member

from . import queries
from .coverage import Cell
from .models import Report, Session, Subject
from .states import ReportState
from .words import when_words


@dataclass(frozen=True)
class NextStep:
    """words, url: what is under way or offered, and where; both are empty where nothing is."""

    subject: Subject
    cell: Cell
    words: str = ""
    url: str = ""


def next_steps_of(
    member: Member, wanting: Sequence[tuple[Subject, Cell]], reports: Sequence[Report], now: datetime
) -> list[NextStep]:
    """wanting: the subjects to train, in order; reports: what has not come on record, the latest first."""
    if not wanting:
        return []
    reported = {each.subject_id: each for each in reversed(reports)}
    enrolled = {each.pk for each in queries.sessions_of(member, now)}
    coming = sorted(queries.sessions_to_come(now), key=lambda each: each.pk not in enrolled)
    return [
        _from_report(subject, cell, reported[subject.pk])
        if subject.pk in reported
        else _from_sessions(subject, cell, coming, enrolled)
        for subject, cell in wanting
    ]


def _from_report(subject: Subject, cell: Cell, report: Report) -> NextStep:
    waits = "Reported. It counts once the coordinator has looked at the certificate."
    words = waits if report.state == ReportState.REPORTED else f"The certificate came back: {report.reason}"
    return NextStep(subject, cell, words, reverse("training:one_report", args=[report.pk]))


def _from_sessions(subject: Subject, cell: Cell, coming: Iterable[Session], enrolled: set[int]) -> NextStep:
    """The next one with a place, those where the member is enrolled first."""
    for session in coming:
        has_place = session.pk in enrolled or session.capacity is None or session.taken < session.capacity
        if has_place and any(part.subject_id == subject.pk for part in session.parts.all()):
            how = "Enrolled" if session.pk in enrolled else "Next session"
            words = f"{how}: {session.title}, {when_words(session)}"
            return NextStep(subject, cell, words, reverse("training:session", args=[session.pk]))
    return NextStep(subject, cell)
