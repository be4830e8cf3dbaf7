"""Ending a visit: its forms and its cookie, wherever a copy of them is, do nothing from then on."""

from collections.abc import Collection
from datetime import datetime, timedelta

from ..domain.visits import FORM_LIFE
from ..models import SubmittedForm
from ..vault import ended_visit_mark
from .submitted_forms import half_day_of


def end(*, numbers: Collection[str], now: datetime, valid_until: datetime | None = None, by: None = None) -> None:
    """Note the end of these numbers of a visit, in rows like those of submitted forms.

    valid_until: until when a copy of the cookie would open something. The note stays at least as long as that, and as
    long as a form could be given back. Ending it twice is ending it once.
    """
    last = max(now + FORM_LIFE, valid_until or now)
    # A row stays while its half day is the last or the current one: it lasts half a day longer than what it says.
    half_day = max(half_day_of(now), half_day_of(last - timedelta(hours=12)))
    rows = [SubmittedForm(mark=ended_visit_mark(number), half_day=half_day) for number in numbers]
    SubmittedForm.objects.bulk_create(rows, ignore_conflicts=True)
