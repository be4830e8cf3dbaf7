"""Whom to notify about requests. A notice says nothing about any of them."""

from collections.abc import Collection
from datetime import datetime

from peersupport.access.permissions import Permission
from peersupport.notices.actions import outbox
from peersupport.team.queries import accounts

from ..queries.team_now import team_now


def members(member_ids: Collection[int], *, urgent: bool, now: datetime) -> None:
    """Notify these members in one statement: one by one, two requests that alert the same people could deadlock."""
    users = team_now(now).users
    outbox.notify_all(user_ids=[users[each] for each in member_ids if each in users], urgent=urgent)


def oversight() -> None:
    """Notify the coordinators and clinical designees that something waits."""
    users = accounts.users_with_permission(Permission.MANAGE_TEAM)
    users += accounts.users_with_permission(Permission.ANSWER_CONSULTATION)
    outbox.notify_all(user_ids=[user.pk for user in users if user.is_coordinator or user.is_designee], urgent=True)
