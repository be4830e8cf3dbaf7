"""Sessions to come and past, and who takes part."""

from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from peersupport.team.models import Member

from ..domain.states import SessionState
from ..models import Enrolment, GivenSession, Session


def sessions_to_come(now: datetime) -> QuerySet[Session]:
    """Planned and not over, the next one first."""
    return _sessions().filter(state=SessionState.PLANNED, ends_at__gt=now)


def sessions_with_a_place(now: datetime) -> list[Session]:
    """The same of those in which not every place is taken."""
    return list(sessions_to_come(now).filter(Q(capacity__isnull=True) | Q(taken__lt=F("capacity"))))


def sessions_to_note(now: datetime) -> QuerySet[Session]:
    """Over, but nobody has noted who was there."""
    return _sessions().filter(state=SessionState.PLANNED, ends_at__lte=now)


def sessions_past() -> QuerySet[Session]:
    """Held or cancelled, the latest first."""
    return _sessions().exclude(state=SessionState.PLANNED).order_by("-starts_at", "-id")


def session_by_id(session_id: int) -> Session | None:
    return _sessions().filter(pk=session_id).first()


def enrolments_of(session: Session) -> list[Enrolment]:
    return list(session.enrolments.select_related("member__user").order_by("member__user__name", "pk"))


def sessions_of(member: Member, now: datetime) -> list[Session]:
    """What a member is enrolled in and is still to come, or was cancelled and would have been."""
    return list(_sessions().filter(enrolments__member=member, ends_at__gt=now))


def given_sessions() -> QuerySet[GivenSession]:
    """The latest first."""
    return GivenSession.objects.all()


def _sessions() -> QuerySet[Session]:
    taken = Coalesce(
        Subquery(
            Enrolment.objects.filter(session=OuterRef("pk"))
            .order_by()
            .values("session")
            .annotate(n=Count("pk"))
            .values("n")
        ),
        0,
    )
    return Session.objects.annotate(taken=taken).prefetch_related("parts__subject")
