"""Whether a visit was ended. It is asked about by a number that only the visit's own pages and cookie have."""

from ..models import SubmittedForm
from ..vault import ended_visit_mark


def is_ended(number: str) -> bool:
    return SubmittedForm.objects.filter(pk=ended_visit_mark(number)).exists()
