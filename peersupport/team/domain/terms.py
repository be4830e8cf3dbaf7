"""How long a designation lasts. Pure: today and the setting are arguments.

A term's end is the first day on which the designation no longer applies.
"""

from datetime import date, timedelta

from peersupport.core.dates import add_years

WARNING_PERIOD = timedelta(days=60)  # coordinators are notified this long before a term ends


def term_end(designated_on: date, years: int | None) -> date | None:
    """years: the length of a term; None where designations have no end, and then the answer is None too."""
    return None if years is None else add_years(designated_on, years)


def renewed_term_end(current_end: date | None, renewed_on: date, years: int | None) -> date | None:
    """A renewal before the end of the running term loses none of its days."""
    return term_end(max(current_end or renewed_on, renewed_on), years)


def has_ended(term_ends_on: date | None, today: date) -> bool:
    return term_ends_on is not None and term_ends_on <= today


def is_on_leave(since: date | None, until: date | None, today: date) -> bool:
    """Whether a leave from the first to the last day includes today; without a last day it stays open."""
    return since is not None and since <= today and (until is None or today <= until)
