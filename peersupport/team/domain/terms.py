"""How long a designation holds. Pure: today and the setting are arguments. A term ends on its first day without it."""

from datetime import date, timedelta

TOLD_BEFORE = timedelta(days=60)


def ends_on(designated_on: date, years: int | None) -> date | None:
    """None where a designation has no end."""
    return None if years is None else years_later(designated_on, years)


def renewed_until(now_until: date | None, renewed_on: date, years: int | None) -> date | None:
    """Who is renewed in time loses no day of the term that still runs."""
    return ends_on(max(now_until or renewed_on, renewed_on), years)


def has_ended(term_ends_on: date | None, today: date) -> bool:
    return term_ends_on is not None and term_ends_on <= today


def years_later(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes 28 where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
