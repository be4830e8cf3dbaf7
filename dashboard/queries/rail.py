"""How many things wait at each place of the rail: what the home and the desk say, as far as it is cheap to ask."""

from collections import Counter
from contextlib import suppress
from datetime import date

from applications.presenters import todo as applications_waiting
from peersupport.access.permissions import Permission, is_allowed
from peersupport.team.models import User
from peersupport.team.queries import members
from requests_app.queries import members as members_queries

from . import home


def counts_for(user: User, today: date) -> dict[str, int]:
    """By the names of the places. The desk has none: for what waits there every open request would be unsealed."""
    counts: Counter[str] = Counter()
    with suppress(OSError):  # a keyring that is away keeps nobody from a page that needs none
        for row in home.counted_rows(user, today):
            counts[row.place] += row.how_many
        if is_allowed(user.roles, Permission.SUPPORT):
            counts += _of_a_member(user)
    return dict(counts)


def _of_a_member(user: User) -> Counter[str]:
    member = members.member_for(user)
    return Counter(
        {
            "applications:list": len(applications_waiting.for_reviewer(user)),
            "requests_app:tally": len(members_queries.owed_by(member)) if member else 0,
        }
    )
