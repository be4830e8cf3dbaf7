"""How far the program is from its launch, as the rooms below know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.program import queries as program
from peersupport.team import queries as team_queries
from peersupport.team.domain.on_call import Interval
from peersupport.team.domain.schedule import DAYS_AHEAD
from peersupport.team.queries import Serving, accounts, availability, members

from ..domain.launch_checklist import Facts, Item, missing

LIFTERS = frozenset({Role.OPERATOR, Role.COORDINATOR, Role.CLINICAL_DIRECTOR})


@dataclass(frozen=True)
class Checklist:
    """launched_on: None until the coordinator has opened the program. papers: by code, since when each is confirmed.

    lifters: how many people could take part in lifting somebody's second factor.
    """

    facts: Facts
    launched_on: date | None
    papers: Mapping[str, date] = field(default_factory=dict)
    lifters: int = 0


def checklist(now: datetime, team: Serving | None = None, gaps: Sequence[Interval] | None = None) -> Checklist:
    """team: today's, and gaps: when nobody is on call in the days ahead, if fetched already."""
    return Checklist(
        facts(now, team, gaps), program.launched_on(), program.papers_confirmed(), accounts.count_with_role(LIFTERS)
    )


def facts(now: datetime, team: Serving | None = None, gaps: Sequence[Interval] | None = None) -> Facts:
    """As `checklist`."""
    today = timezone.localdate(now)
    serving = team_queries.serving(today) if team is None else team
    able = {member_id for member_id, reasons in serving.items() if not reasons}
    return Facts(
        members_ready=len(able & members.alertable()),
        is_covered=not (availability.gaps_on_call(now, DAYS_AHEAD, serving) if gaps is None else gaps),
        unapproved_texts=program.count_unapproved_texts(),
        are_lines_confirmed=program.are_crisis_lines_confirmed(today),
    )


def missing_items(now: datetime) -> tuple[Item, ...]:
    """The items of the launch checklist that are not in place at this moment."""
    return missing(facts(now))
