"""How many things wait at each place of the rail: what the home and the desk say, as far as it is cheap to ask."""

from collections import Counter
from contextlib import suppress
from datetime import date

from applications import waiting as applications_waiting
from peersupport.access.permissions import Permission, is_allowed
from peersupport.team import queries as team
from peersupport.team.models import User
from requests_app import queries as requests

from . import waiting


def counts_for(user: User, today: date) -> dict[str, int]:
    """By the names of the places. The desk has none: for what waits there every open request would be unsealed."""
    counts: Counter[str] = Counter()
    with suppress(OSError):  # a keyring that is away keeps nobody from a page that needs none
        for row in waiting.counted_rows(user, today):
            counts[row.place] += row.how_many
        if is_allowed(user.roles, Permission.SUPPORT):
            counts += _of_a_member(user)
    return dict(counts)


def _of_a_member(user: User) -> Counter[str]:
    member = team.member_for(user)
    return Counter(
        {
            "applications:list": len(applications_waiting.for_reviewer(user)),
            "requests_app:tally": len(requests.owed_by(member)) if member else 0,
        }
    )
