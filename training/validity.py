"""How long a training stays valid. Pure: today is an argument, months are calendar months."""

import calendar
from datetime import date


def months_later(day: date, months: int) -> date:
    """The same day some months on; the month's last day where it is shorter (31 January + 1 = 28 or 29 February)."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


def lapses_on(completed_on: date, valid_months: int | None) -> date | None:
    """The first day on which it counts no longer; none when it is valid for good."""
    return None if valid_months is None else months_later(completed_on, valid_months)


def is_current(completed_on: date, valid_months: int | None, today: date) -> bool:
    """Whether a training completed on that day counts today."""
    lapse = lapses_on(completed_on, valid_months)
    return completed_on <= today and (lapse is None or today < lapse)
