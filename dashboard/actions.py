"""Opening the program to those who ask, and telling the coordinator when something it stands on is gone."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from peersupport.access.permissions import Permission
from peersupport.notices.actions.outbox import notify_all
from peersupport.program import actions as program
from peersupport.team.models import User
from peersupport.team.queries import members

from .queries.launch_facts import lines_missing


class NotReady(Exception):
    """Something of the checklist is missing."""


def open_program(*, by: User) -> None:
    """From now on somebody can ask for support. Raises NotReady. It is never closed again by a gap."""
    if lines_missing(timezone.now()):
        raise NotReady
    program.open_program(by=by.pk)


@transaction.atomic
def tell_of_gaps(*, now: datetime) -> bool:
    """Whether the coordinators were told that a line of the checklist no longer holds; once for each line."""
    is_new = program.claim_gaps(codes=lines_missing(now))
    if is_new:
        notify_all(user_ids=[user.pk for user in members.people_with(Permission.MANAGE_TEAM)])
    return is_new
