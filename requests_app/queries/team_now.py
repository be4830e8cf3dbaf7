"""What requests take from the team, read once for each change of it: who serves, with which key, and who is on call.

It is the same for everyone who asks. Of the requests that are open, and of what members tell only the matching, there
is nothing in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from peersupport.audit.remembered import Remembered
from peersupport.incidents import queries as incidents
from peersupport.program import queries as program
from peersupport.team.models import Member
from peersupport.team.queries import availability, eligibility, member_keys
from training.queries import subjects as training

from ..domain.escalation import Times
from ..domain.matching import Peer
from . import settings
from .choices import PreferenceChoices, preference_choices

SERVING = (
    "pk", "user", "unit", "agency", "kind", "is_supervisor", "user__is_coordinator", "gender", "languages", "cap",
    "is_asked_by_name",
)  # fmt: skip
SOON = timedelta(hours=48)  # recipients are reserved for those on call within this time


@dataclass(frozen=True)
class SealTo:
    """A member's confirmed key: its number, and its public half."""

    key_id: int
    public_key: bytes


@dataclass(frozen=True)
class TeamNow:
    """The team at one minute.

    peers: everyone who serves, by id, as matching sees them before it looks at what is open. keys: theirs, verified.
    users: the account of each member, by id. alertable: the accounts of those who serve and are on call.
    held_keys: by member id, the number of the key of everyone who may hold on to what was sealed to them.
    unreachable: ids of members who can't get in. required: the subjects that each concern demands.
    pages: what was rendered from it, by what else it depends on.
    """

    is_launched: bool
    program_word: str
    is_activation_running: bool
    times: Times
    peers: Mapping[int, Peer]
    keys: Mapping[int, SealTo]
    users: Mapping[int, int]
    alertable: frozenset[int]
    held_keys: Mapping[int, int]
    unreachable: frozenset[int]
    required: Mapping[str, frozenset[str]]
    choices: PreferenceChoices
    pages: dict[tuple[object, ...], str] = field(default_factory=dict, repr=False)


class _Serving(NamedTuple):
    """One who serves, as the columns of `SERVING`: no models, they may be thousands."""

    id: int
    user_id: int
    unit: str
    agency: str
    kind: str
    is_supervisor: bool
    is_coordinator: bool
    gender: str
    languages: list[str]
    cap: int
    is_asked_by_name: bool


def team_now(now: datetime) -> TeamNow:
    """The team as its records say at this moment."""
    return _remembered.at(now)


def _read(now: datetime) -> TeamNow:
    today = timezone.localdate(now)
    serving = [_Serving(*each) for each in eligibility.members_who_can_serve(today).values_list(*SERVING)]
    subjects, caps = training.current_subjects(today), incidents.cap_raise_on(today)
    reachable = availability.reachable(now, SOON)
    # Verified as they are read here: somebody may have written over one since it was verified.
    keys = member_keys.verified_keys()
    return TeamNow(
        is_launched=program.launched_on() is not None,
        program_word=program.settings_now().program_word,
        is_activation_running=incidents.running_activation() is not None,
        times=settings.times(),
        peers={
            member.id: Peer(
                member_id=member.id,
                unit=member.unit,
                agency=member.agency,
                kind=member.kind,
                is_supervisor=member.is_supervisor or member.is_coordinator,
                gender=member.gender,
                languages=frozenset(member.languages),
                is_on_call=member.id in reachable.on_call,
                is_on_call_soon=member.id in reachable.on_call_soon,
                is_available=member.id in reachable.in_hours,
                cap=caps.cap_of(member.id, member.cap),
                subjects=subjects.get(member.id, frozenset()),
                is_asked_by_name=member.is_asked_by_name,
            )
            for member in serving
        },
        keys={member.id: SealTo(*keys[member.id]) for member in serving if member.id in keys},
        users=dict(Member.objects.values_list("pk", "user_id")),
        alertable=frozenset(member.user_id for member in serving if member.id in reachable.on_call),
        held_keys=eligibility.confirmed_keys(today),
        unreachable=frozenset(eligibility.unreachable()),
        required=training.required_by_concern(),
        choices=preference_choices(now),
    )


_remembered = Remembered(_read)
