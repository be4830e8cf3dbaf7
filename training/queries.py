"""Who is trained in what. Matching asks here; each question is one query, however many members there are."""

from collections import defaultdict
from datetime import date

from django.db.models import Max

from .models import Record, Subject
from .validity import is_current


def subjects_held(today: date) -> dict[int, frozenset[str]]:
    """For each member with any record: the codes of the subjects they are current in today."""
    latest = (
        Record.objects.filter(completed_on__lte=today)
        .order_by()
        .values_list("member_id", "subject__code", "subject__valid_months")
        .annotate(last=Max("completed_on"))
    )
    held: dict[int, set[str]] = defaultdict(set)
    for member_id, code, valid_months, last in latest:
        if is_current(last, valid_months, today):
            held[member_id].add(code)
    return {member_id: frozenset(codes) for member_id, codes in held.items()}


def subjects_required(concern: str) -> frozenset[str]:
    """The codes of the subjects that a peer must be current in to be offered this concern."""
    subjects = Subject.objects.filter(is_retired=False).values_list("code", "required_for")
    return frozenset(code for code, concerns in subjects if concern in concerns)
