"""Exact figures for the yearly report. Numbers only; nobody is named."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from .domain.states import LABELS, OUTCOMES
from .models import Application, PastOutcome


@dataclass(frozen=True)
class OutcomeCount:
    """How many applications of a period ended in one way."""

    code: str
    name: str
    count: int


def by_outcome(first: date, last: date) -> list[OutcomeCount]:
    """Applications that came to their outcome from the first to the last day, both included; each outcome once.

    Those purged meanwhile are counted with the year of statistics that begins in this period.
    """
    ended = Application.objects.filter(state__in=OUTCOMES, since__date__range=(first, last)).order_by()
    purged = PastOutcome.objects.filter(year_starts_on__range=(first, last)).order_by()
    counts = Counter(dict(ended.values_list("state").annotate(n=Count("pk"))))
    counts.update(dict(purged.values_list("outcome").annotate(n=Sum("number"))))
    return [OutcomeCount(outcome.value, LABELS[outcome], counts[outcome.value]) for outcome in OUTCOMES]
