"""When a member is reminded that a training lapses. Pure."""

# Days before the lapse. Only an expiring training is reminded of, so none may be above standing.EXPIRING_DAYS.
REMINDER_DAYS = (7, 30, 60)


def due_step(days_left: int) -> int | None:
    """The reminder (one of REMINDER_DAYS) that is due with so many days left; None if it is too early, or lapsed."""
    if days_left <= 0:
        return None
    return next((days for days in REMINDER_DAYS if days_left <= days), None)
