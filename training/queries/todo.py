"""What training asks of someone."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from peersupport.team.models import Member

from ..domain.standing import Standing
from ..domain.states import ExternalTrainingState
from ..models import ExternalTraining, Session, Subject
from . import external_training, records, sessions
from . import subjects as subjects_queries


@dataclass(frozen=True)
class MemberFigures:
    """standings: of each subject in use. enrolled: sessions that are not over. sent_back: not reported again."""

    standings: list[tuple[Subject, Standing]]
    enrolled: list[Session]
    sent_back: list[ExternalTraining]


@dataclass(frozen=True)
class CoordinatorFigures:
    """certificates: how many to verify. over: sessions whose attendance nobody has noted."""

    certificates: int
    over: list[Session]


def for_member(member: Member, now: datetime) -> MemberFigures:
    subjects = {subject.code: subject for subject in subjects_queries.subjects_in_use()}
    standings = records.standings_of(member, timezone.localdate(now))
    return MemberFigures(
        standings=[(subjects[code], standing) for code, standing in standings.items()],
        enrolled=sessions.enrolled_sessions(member, now),
        sent_back=[
            external
            for external in external_training.not_on_record(member)
            if external.state == ExternalTrainingState.SENT_BACK
        ],
    )


def for_coordinator(now: datetime) -> CoordinatorFigures:
    return CoordinatorFigures(
        certificates=external_training.count_to_verify(),
        over=list(sessions.sessions_without_attendance(now).prefetch_related(None)),
    )
