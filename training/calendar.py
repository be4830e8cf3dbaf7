"""A session as a calendar file (RFC 5545). The same session gives the same event, changed or cancelled."""

from datetime import UTC, datetime

from icalendar import Calendar, Event

from .models import Session
from .states import SessionState


def calendar_of(session: Session, site_host: str, stamp: datetime) -> bytes:
    """Times in UTC, which every calendar shows in its own zone."""
    event = Event()
    event.add("uid", f"training-session-{session.pk}@{site_host}")
    event.add("sequence", session.changes)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("summary", session.title)
    event.add("location", session.place)
    event.add("status", "CANCELLED" if session.state == SessionState.CANCELLED else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Peer Support//Training//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
