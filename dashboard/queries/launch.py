"""How far the program is from its launch, as the rooms below know it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from peersupport.notices import queries as notices
from peersupport.program import queries as program
from peersupport.team.domain.schedule import DAYS_AHEAD
from peersupport.team.queries import availability, eligibility

from ..domain.launch_checklist import Facts, Item, missing


@dataclass(frozen=True)
class Checklist:
    """launched_on: None until the coordinator has opened the program."""

    facts: Facts
    launched_on: date | None


def checklist(now: datetime) -> Checklist:
    return Checklist(facts(now), program.launched_on())


def facts(now: datetime) -> Facts:
    today = timezone.localdate(now)
    members = eligibility.members_who_can_serve(today).prefetch_related(None).values_list("user", flat=True)
    return Facts(
        members_ready=len(notices.reachable_by_phone(members)),
        is_covered=not availability.upcoming_schedule(now, DAYS_AHEAD).gaps,
        unapproved_texts=program.count_unapproved_texts(),
        are_lines_confirmed=program.are_crisis_lines_confirmed(today),
    )


def missing_items(now: datetime) -> tuple[Item, ...]:
    """The items of the launch checklist that are not in place at this moment."""
    return missing(facts(now))
