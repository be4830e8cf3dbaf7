"""A session as a calendar file."""

from datetime import datetime

from peersupport.core.ical import Appointment, to_ics

from ..domain.states import SessionState
from ..models import Session


def calendar_of(session: Session, site_host: str, made_at: datetime) -> bytes:
    return to_ics(
        Appointment(
            uid=f"training-session-{session.pk}@{site_host}",
            changes=session.changes,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            title=session.title,
            place=session.place,
            made_at=made_at,
            is_cancelled=session.state == SessionState.CANCELLED,
        )
    )
