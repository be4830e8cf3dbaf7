"""When a member is reminded that a training lapses. Pure."""

REMINDER_DAYS = (7, 30, 60)  # days before the lapse the lapse


def due_step(days_left: int) -> int | None:
    """The reminder (one of REMINDER_DAYS) that is due with so many days left; None if it is too early, or lapsed."""
    if days_left <= 0:
        return None
    return next((days for days in REMINDER_DAYS if days_left <= days), None)
