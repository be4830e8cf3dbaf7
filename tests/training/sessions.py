"""A session as the tests plan it."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from peersupport.team.models import User
from training.actions import sessions
from training.domain.states import SessionDelivery
from training.models import Session


def plan_session(by: User, *, in_days: float = 7, hours: float = 8, subjects=("suicide_intervention",), **fields):
    """A session that starts in so many days (negative: ago), as long as its subjects take."""
    starts_at: datetime = timezone.now() + timedelta(days=in_days)
    planned: Session = sessions.plan_session(
        by=by,
        parts={code: Decimal(str(hours)) for code in subjects},
        **{
            "title": "Talking about suicide",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=float(hours) * len(subjects)),
            "time_zone": "America/Chicago",
            "delivery": SessionDelivery.IN_PERSON,
            "place": "Room 2",
            "provider": "",
            "instructor": "",
            "course_number": "",
            "capacity": None,
            **fields,
        },
    )
    return planned
