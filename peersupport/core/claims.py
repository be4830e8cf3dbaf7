"""Claiming a row for one worker with a single conditional update, so that two workers never get the same row.

The table has a nullable column `claimed_until`. A claim lapses by itself: what a killed worker had claimed is free
again after that moment.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

# No claim lasts longer (peersupport/core/backoff.py has the longest). One that does was made while the clock was ahead,
# and would keep its row from everybody until then.
LONGEST = timedelta(hours=2)


def unclaimed(now: datetime) -> Q:
    """Matches rows that no worker has claimed at this moment."""
    return Q(claimed_until=None) | Q(claimed_until__lte=now) | Q(claimed_until__gt=now + LONGEST)


def claim(rows: QuerySet[Any], *, now: datetime, until: datetime, **changes: Any) -> bool:
    """Claim the one row in `rows` until that moment; False if another worker has it, or it no longer matches.

    changes: more columns to set in the same statement, such as a counter of attempts.
    """
    return bool(rows.filter(unclaimed(now)).update(claimed_until=until, **changes))
