"""A critical incident in the demo: three members are called out; one comes, one cannot, one has not answered."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from peersupport.incidents import actions
from peersupport.team.models import Member, User

ANSWERS = {"Ana Alvarez": True, "Chris Doyle": False, "Grace Kim": None}


def make(*, members: Mapping[str, Member], coordinator: User, today: date) -> None:
    actions.begin_activation(by=coordinator)
    called = [members[name].pk for name in ANSWERS]
    actions.call_out(member_ids=called, meeting="Training room (sample), after the day shift.", by=coordinator)
    for name, comes in ANSWERS.items():
        if comes is not None:
            actions.answer_call(member_id=members[name].pk, comes=comes, by=members[name].user)
    in_two_days = timezone.make_aware(datetime.combine(today + timedelta(days=2), time(14)))
    actions.plan_group_session(kind="debriefing", starts_at=in_two_days, place="Training room (sample)", by=coordinator)
