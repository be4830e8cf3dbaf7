"""When a member is reminded that something lapses. Pure."""

STEPS = (7, 30, 60)  # days before


def step(days_left: int) -> int | None:
    """The step that is due with so many days left: the nearest that has been reached. None: too early, or lapsed."""
    if days_left <= 0:
        return None
    return next((days for days in STEPS if days_left <= days), None)
