"""When somebody who was asked for a reference is reminded, and from when on they count as silent. Pure."""

from datetime import date

REMINDED_AFTER_DAYS = (7, 14)
SILENT_AFTER_DAYS = 21


def is_due(asked_on: date | None, reminders: int, today: date) -> bool:
    """Whether the next reminder is due, of `reminders` that have left."""
    if asked_on is None or reminders >= len(REMINDED_AFTER_DAYS):
        return False
    return (today - asked_on).days >= REMINDED_AFTER_DAYS[reminders]


def is_silent(asked_on: date | None, today: date) -> bool:
    """Whether somebody who has not answered is no longer waited for."""
    return asked_on is not None and (today - asked_on).days >= SILENT_AFTER_DAYS
