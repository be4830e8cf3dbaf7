"""An interview as a calendar file. It has no names, because others can see a calendar."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from peersupport.core.ical import CalendarEvent, to_ics

from ..domain.states import InterviewState
from ..models import Interview


def interview_ics(interview: Interview, created_at: datetime) -> bytes:
    """The file's bytes; a cancellation unless the interview is agreed. Raises ValueError if it has no time."""
    if interview.starts_at is None or interview.ends_at is None:
        raise ValueError("this interview has no time")
    host = settings.SITE_URL.partition("://")[2]
    return to_ics(
        CalendarEvent(
            uid=f"interview-{interview.pk}@{host}",
            revision=interview.changes,
            starts_at=interview.starts_at,
            ends_at=interview.ends_at,
            title=_("Peer support team interview"),
            location=interview.place,
            created_at=created_at,
            is_cancelled=interview.state != InterviewState.AGREED,
        )
    )
