"""One event as a calendar file (RFC 5545). Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime

CALENDAR_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class CalendarEvent:
    """One event. A calendar takes the same `uid` for the same event, changed or canceled.

    revision: how often it has changed; calendars keep the highest. created_at: when this file was made.
    All times are aware.
    """

    uid: str
    revision: int
    starts_at: datetime
    ends_at: datetime
    title: str
    location: str
    created_at: datetime
    is_cancelled: bool = False


def to_ics(event: CalendarEvent) -> bytes:
    """The file's bytes. Times are in UTC, which every calendar shows in its own zone."""
    from icalendar import Calendar, Event  # slow to load

    component = Event()
    component.add("uid", event.uid)
    component.add("sequence", event.revision)
    component.add("dtstamp", event.created_at.astimezone(UTC))
    component.add("dtstart", event.starts_at.astimezone(UTC))
    component.add("dtend", event.ends_at.astimezone(UTC))
    component.add("summary", event.title)
    component.add("location", event.location)
    component.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Peer Support//EN")
    calendar.add("version", "2.0")
    calendar.add_component(component)
    return bytes(calendar.to_ical())
