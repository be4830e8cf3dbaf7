"""What comes next in each subject that is not current: a report that waits, a session, or somebody to ask."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from peersupport.team.models import Member

from ..domain.coverage import Cell
from ..domain.states import ReportState, SessionState
from ..models import ExternalTraining, Session, Subject
from ..presenters.wording import when_words
from . import sessions as sessions_queries


@dataclass(frozen=True)
class NextStep:
    """words, url: what is under way or offered, and where; both are empty where nothing is."""

    subject: Subject
    cell: Cell
    words: str = ""
    url: str = ""


def next_steps_of(
    member: Member, wanting: Sequence[tuple[Subject, Cell]], reports: Sequence[ExternalTraining], now: datetime
) -> list[NextStep]:
    """wanting: the subjects to train, in order; reports: what has not come on record, the latest first."""
    if not wanting:
        return []
    reported = {each.subject_id: each for each in reversed(reports)}
    enrolled = [each for each in sessions_queries.sessions_of(member, now) if each.state == SessionState.PLANNED]
    offered = sessions_queries.sessions_with_a_place(now)
    return [
        _from_report(subject, cell, reported[subject.pk])
        if subject.pk in reported
        else _from_sessions(subject, cell, {"Enrolled": enrolled, "Next session": offered})
        for subject, cell in wanting
    ]


def _from_report(subject: Subject, cell: Cell, report: ExternalTraining) -> NextStep:
    waits = "Reported. It counts once the coordinator has looked at the certificate."
    words = waits if report.state == ReportState.REPORTED else f"The certificate came back: {report.reason}"
    return NextStep(subject, cell, words, reverse("training:one_report", args=[report.pk]))


def _from_sessions(subject: Subject, cell: Cell, sessions: Mapping[str, Iterable[Session]]) -> NextStep:
    for how, found in sessions.items():
        for session in found:
            if any(part.subject_id == subject.pk for part in session.parts.all()):
                words = f"{how}: {session.title}, {when_words(session)}"
                return NextStep(subject, cell, words, reverse("training:session", args=[session.pk]))
    return NextStep(subject, cell)
