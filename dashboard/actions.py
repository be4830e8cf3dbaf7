"""Launching the program, and notifying the coordinators when something of the launch checklist is gone again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from peersupport.access.permissions import Permission
from peersupport.notices.actions.outbox import notify_all
from peersupport.program import actions as program
from peersupport.team.models import User
from peersupport.team.queries import accounts

from .queries.launch import missing_items


class NotReady(Exception):
    """An item of the launch checklist is missing."""


def launch(*, by: User) -> None:
    """Open the program: from now on officers can ask for support. Raises NotReady.

    A gap found later does not close it again: nobody who asks should find a closed door.
    """
    if missing_items(timezone.now()):
        raise NotReady
    program.record_launch(by=by.pk)


@transaction.atomic
def notify_of_gaps(*, now: datetime) -> bool:
    """Notify the coordinators of checklist items that went missing, once for each; True if there was one."""
    is_new = program.record_gaps(codes=missing_items(now))
    if is_new:
        notify_all(user_ids=[user.pk for user in accounts.users_with_permission(Permission.MANAGE_TEAM)])
    return is_new
