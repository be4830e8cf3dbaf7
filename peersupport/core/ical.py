"""One event as a calendar file (RFC 5545). The same uid is the same event, changed or cancelled. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event

CALENDAR_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Appointment:
    """changes: how often it was changed, so that a calendar takes the newest. made_at: when this file was made."""

    uid: str
    changes: int
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    made_at: datetime
    is_cancelled: bool = False


def to_ics(appointment: Appointment) -> bytes:
    """Times in UTC, which every calendar shows in its own zone."""
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.changes)
    event.add("dtstamp", appointment.made_at.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", appointment.title)
    event.add("location", appointment.place)
    event.add("status", "CANCELLED" if appointment.is_cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Peer Support//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
