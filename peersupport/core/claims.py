"""Claiming a row for a worker: one conditional update, so that two workers never have the same row.

A claim lapses by itself: what a killed worker held is free again once its time is over. The table has a column
`claimed_until`, empty for a row that nobody has worked on.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet


def unclaimed(now: datetime) -> Q:
    """The rows that no worker holds at this moment."""
    return Q(claimed_until=None) | Q(claimed_until__lte=now)


def claim(rows: QuerySet[Any], *, now: datetime, until: datetime, **changes: Any) -> bool:
    """Hold the one row of this queryset until then; False where another worker holds it or it is gone.

    changes: further columns to set in the same statement.
    """
    return bool(rows.filter(unclaimed(now)).update(claimed_until=until, **changes))
