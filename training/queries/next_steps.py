"""What is under way or offered in each subject in which a member is not current."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from peersupport.team.models import Member

from ..domain.standing import Standing
from ..domain.states import SessionState
from ..models import ExternalTraining, Session, Subject
from . import sessions


@dataclass(frozen=True)
class NextStep:
    """At most one of: external, what the member reported; session, one they are in or that has an open spot."""

    subject: Subject
    standing: Standing
    external: ExternalTraining | None = None
    session: Session | None = None
    is_enrolled: bool = False


def next_steps(
    member: Member,
    to_train: Sequence[tuple[Subject, Standing]],
    reported: Sequence[ExternalTraining],
    now: datetime,
) -> list[NextStep]:
    """One for each subject to train, in the same order. reported: what has not come on record, newest first."""
    if not to_train:
        return []
    external = {each.subject_id: each for each in reversed(reported)}
    enrolled = [each for each in sessions.enrolled_sessions(member, now) if each.state == SessionState.PLANNED]
    free = sessions.with_free_seats(now)
    return [
        NextStep(subject, standing, external=external[subject.pk])
        if subject.pk in external
        else _from_sessions(subject, standing, enrolled, free)
        for subject, standing in to_train
    ]


def _from_sessions(
    subject: Subject, standing: Standing, enrolled: Iterable[Session], free: Iterable[Session]
) -> NextStep:
    session = _first_that_trains(subject, enrolled)
    if session is not None:
        return NextStep(subject, standing, session=session, is_enrolled=True)
    return NextStep(subject, standing, session=_first_that_trains(subject, free))


def _first_that_trains(subject: Subject, planned: Iterable[Session]) -> Session | None:
    for session in planned:
        if any(part.subject_id == subject.pk for part in session.parts.all()):
            return session
    return None
