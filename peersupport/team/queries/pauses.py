"""Pauses: which last, and whose."""

from datetime import date, datetime

from django.db.models import F, Max, Q, QuerySet

from ..models import Member, Pause
from .lifting import open_lifts


def pauses_on(day: date) -> QuerySet[Pause]:
    """Pauses that last beyond this day and were not ended early."""
    return Pause.objects.filter(Q(back_on__isnull=True) | Q(back_on__gt=day), ended_at__isnull=True)


def current_pause(member: Member, today: date) -> Pause | None:
    """The pause that the member is on; of several at once the one that lasts longest."""
    return pauses_on(today).filter(member=member).order_by(F("back_on").desc(nulls_first=True), "pk").first()


def lasting_pauses_of(member: Member) -> QuerySet[Pause]:
    """Those that go on until the member is back, whoever else thinks better of it: not that of a lifting still open."""
    asked = open_lifts().filter(user=member.user_id).values("asked_at")
    return Pause.objects.filter(member=member, back_on__isnull=True).exclude(since__in=asked)


def last_change_of_pauses(user_id: int) -> tuple[int | None, datetime | None]:
    """Changes whenever this person begins a pause, or one is ended. As much work for an id that nobody has."""
    found = Pause.objects.filter(member__user=user_id).aggregate(newest=Max("pk"), ended=Max("ended_at"))
    return found["newest"], found["ended"]
