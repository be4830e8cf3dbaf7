"""Sessions that the team attends, who takes part, and sessions that it gives.

A session comes with `seats_taken`, the number of its enrollments.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from peersupport.team.models import Member

from ..domain.states import SessionState
from ..models import Enrollment, GivenSession, Session


def upcoming_sessions(now: datetime) -> QuerySet[Session]:
    """Planned and not over, the next one first."""
    return _sessions().filter(state=SessionState.PLANNED, ends_at__gt=now)


def with_free_seats(now: datetime) -> list[Session]:
    """Upcoming sessions in which a member can still enroll."""
    return list(upcoming_sessions(now).filter(Q(capacity__isnull=True) | Q(seats_taken__lt=F("capacity"))))


@dataclass(frozen=True)
class NextSession:
    """free_seats: None where the session has no limit."""

    day: date
    free_seats: int | None


def next_with_free_seats(now: datetime) -> dict[str, NextSession]:
    """For each subject, by its code: the next session that trains it, has not begun, and has an open spot."""
    next_sessions: dict[str, NextSession] = {}
    for session in upcoming_sessions(now):
        free = None if session.capacity is None else session.capacity - session.seats_taken  # type: ignore[attr-defined]
        if session.starts_at > now and free != 0:
            for part in session.parts.all():
                next_sessions.setdefault(part.subject.code, NextSession(session.day, free))
    return next_sessions


def sessions_without_attendance(now: datetime) -> QuerySet[Session]:
    """Over, but nobody has noted who was there."""
    return _sessions().filter(state=SessionState.PLANNED, ends_at__lte=now)


def past_sessions() -> QuerySet[Session]:
    """Held or canceled, newest first."""
    return _sessions().exclude(state=SessionState.PLANNED).order_by("-starts_at", "-id")


def session_by_id(session_id: int) -> Session | None:
    return _sessions().filter(pk=session_id).first()


def enrollments_of(session: Session) -> list[Enrollment]:
    return list(session.enrollments.select_related("member__user").order_by("member__user__name", "pk"))


def enrolled_sessions(member: Member, now: datetime) -> list[Session]:
    """What a member is enrolled in and is not over; a canceled session until it would have been over."""
    return list(_sessions().filter(enrollments__member=member, ends_at__gt=now))


def given_sessions() -> QuerySet[GivenSession]:
    """Newest first."""
    return GivenSession.objects.all()


def _sessions() -> QuerySet[Session]:
    seats_taken = Coalesce(
        Subquery(
            Enrollment.objects.filter(session=OuterRef("pk"))
            .order_by()
            .values("session")
            .annotate(n=Count("pk"))
            .values("n")
        ),
        0,
    )
    return Session.objects.annotate(seats_taken=seats_taken).prefetch_related("parts__subject")
