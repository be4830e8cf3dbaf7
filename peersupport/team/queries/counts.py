"""The team part of the yearly report: plain counts, which need no protection."""

from datetime import date

from ..domain.states import DEPARTURES, MembershipState
from ..models import Member


def members_by_state() -> dict[str, int]:
    """How many members there are, by the code of their state."""
    states = list(Member.objects.values_list("state", flat=True))
    return {state.value: states.count(state) for state in MembershipState}


def designations_between(first: date, last: date) -> int:
    """How many members were designated from the first to the last day, both included."""
    return Member.objects.filter(designated_on__gte=first, designated_on__lte=last).count()


def endings_between(first: date, last: date) -> dict[str, int]:
    """How many members were de-selected, and how many left by themselves, from the first to the last day.

    Keys: `de_selections`, `departures`.
    """
    ended = Member.objects.filter(state=MembershipState.ENDED, ended_on__gte=first, ended_on__lte=last)
    departures = ended.filter(end_reason__in=DEPARTURES).count()
    return {"de_selections": ended.count() - departures, "departures": departures}
