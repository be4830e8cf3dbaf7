"""An interview as a calendar file. It names nobody: calendars are seen by others."""

from datetime import datetime

from django.conf import settings

from peersupport.core.ical import Appointment, to_ics

from ..domain.states import InterviewState
from ..models import Interview


def calendar_of(interview: Interview, made_at: datetime) -> bytes:
    """Only for one with a time. Raises ValueError for another."""
    if interview.starts_at is None or interview.ends_at is None:
        raise ValueError("this interview has no time")
    host = settings.SITE_URL.partition("://")[2]
    return to_ics(
        Appointment(
            uid=f"interview-{interview.pk}@{host}",
            changes=interview.changes,
            starts_at=interview.starts_at,
            ends_at=interview.ends_at,
            title="Interview, peer support team",
            place=interview.place,
            made_at=made_at,
            is_cancelled=interview.state != InterviewState.AGREED,
        )
    )
