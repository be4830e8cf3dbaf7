"""How far the program is on its way to being open, as the rooms below know it."""

from datetime import datetime

from django.utils import timezone

from peersupport.notices import queries as notices
from peersupport.program import queries as program
from peersupport.team.domain.schedule import DAYS_AHEAD
from peersupport.team.queries import availability
from peersupport.team.queries import members as members_queries

from ..domain.launch_checklist import Facts, Line, missing


def facts(now: datetime) -> Facts:
    today = timezone.localdate(now)
    members = members_queries.serving(today).prefetch_related(None).values_list("user", flat=True)
    return Facts(
        members_ready=len(notices.with_bell(members)),
        is_covered=not availability.ahead(now, DAYS_AHEAD).gaps,
        unapproved_texts=program.count_unapproved_texts(),
        are_lines_confirmed=program.are_lines_confirmed(today),
    )


def lines_missing(now: datetime) -> tuple[Line, ...]:
    """What of the checklist does not hold at this moment."""
    return missing(facts(now))
