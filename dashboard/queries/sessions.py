"""Training sessions that still have a seat."""

from dataclasses import dataclass
from datetime import date, datetime

from training.queries import sessions


@dataclass(frozen=True)
class NextSession:
    """free_seats: None where the session has no limit."""

    day: date
    free_seats: int | None


def next_with_free_seats(now: datetime) -> dict[str, NextSession]:
    """For each subject, by its code: the next session that trains it and still has a free seat."""
    found: dict[str, NextSession] = {}
    for session in sessions.upcoming_sessions(now):
        free = None if session.capacity is None else session.capacity - session.seats_taken  # type: ignore[attr-defined]
        if session.starts_at > now and free != 0:
            for part in session.parts.all():
                found.setdefault(part.subject.code, NextSession(session.day, free))
    return found
