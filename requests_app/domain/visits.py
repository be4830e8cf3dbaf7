"""A visit is what one person does in one browser until Exit. Its forms bear a random number; ended, they say nothing.

An answer that shows typed words can be asked for again by "resend", long after who typed them has left.
"""

from collections.abc import Collection
from datetime import timedelta

FORM_LIFE = timedelta(hours=24)  # how long words come back with a form that is only known by its own number
MOST_FORMS = 8  # numbers of forms in the cookie; the cookie of a visit has one size


def is_over(number: str, opened: int, *, known: Collection[str], is_ended: bool, now: float) -> bool:
    """Whether nothing may be done or shown for the form with this number.

    opened, now: seconds since 1970. known: the numbers in the browser's cookie. After a day nobody remembers which
    visits were ended, so only the browser that still has the number is believed.
    """
    return is_ended or (number not in known and now - opened > FORM_LIFE.total_seconds())


def with_form(forms: tuple[str, ...], number: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The forms of the visit with this one as the newest, and those for which there is no more room."""
    kept = (*(each for each in forms if each != number), number)
    return kept[-MOST_FORMS:], kept[:-MOST_FORMS]
