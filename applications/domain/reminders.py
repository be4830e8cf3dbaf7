"""When a reference is reminded, and when they count as unresponsive. Pure."""

from datetime import date

REMINDED_AFTER_DAYS = (7, 14)
UNRESPONSIVE_AFTER_DAYS = 21


def is_due(asked_on: date | None, reminders: int, today: date) -> bool:
    """Whether the next reminder is due; reminders: how many were sent so far. False if they were never asked."""
    if asked_on is None or reminders >= len(REMINDED_AFTER_DAYS):
        return False
    return (today - asked_on).days >= REMINDED_AFTER_DAYS[reminders]


def is_unresponsive(asked_on: date | None, today: date) -> bool:
    """Whether somebody who hasn't answered is no longer waited for."""
    return asked_on is not None and (today - asked_on).days >= UNRESPONSIVE_AFTER_DAYS
