"""Whether a visit was ended. It is asked about by a number that only the visit's own pages and cookie have."""

from ..vault import ended_visit_mark
from . import marks


def is_ended(number: str) -> bool:
    return marks.is_any_stored([ended_visit_mark(number)])
