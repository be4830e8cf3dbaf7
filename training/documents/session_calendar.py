"""A session as an iCalendar file."""

from datetime import datetime

from peersupport.core.ical import CalendarEvent, to_ics

from ..domain.states import SessionState
from ..models import Session


def session_calendar(session: Session, site_host: str, made_at: datetime) -> bytes:
    return to_ics(
        CalendarEvent(
            uid=f"training-session-{session.pk}@{site_host}",
            revision=session.changes,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            title=session.title,
            location=session.place,
            created_at=made_at,
            is_cancelled=session.state == SessionState.CANCELLED,
        )
    )
