"""Exact figures of a period for the yearly report: numbers only, no names."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from .domain.states import LABELS, OUTCOMES
from .models import Application, PastOutcome


@dataclass(frozen=True)
class OutcomeCount:
    """How many applications of a period had one outcome. code: the state's value; name: its label, in English."""

    code: str
    name: str
    count: int


def by_outcome(first: date, last: date) -> list[OutcomeCount]:
    """One count per outcome, in their order, of applications decided from the first to the last day, both included.

    Purged applications are counted with the program year that begins in the period.
    """
    ended = Application.objects.filter(state__in=OUTCOMES, since__date__range=(first, last)).order_by()
    purged = PastOutcome.objects.filter(year_starts_on__range=(first, last)).order_by()
    counts = Counter(dict(ended.values_list("state").annotate(n=Count("pk"))))
    counts.update(dict(purged.values_list("outcome").annotate(n=Sum("count"))))
    return [OutcomeCount(outcome.value, LABELS[outcome], counts[outcome.value]) for outcome in OUTCOMES]
