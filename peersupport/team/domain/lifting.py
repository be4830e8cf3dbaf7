"""Lifting the second factor of an account whose owner lost it: who decides, and when it happens. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from peersupport.access.permissions import PERMISSIONS_OF, Permission, Role
from peersupport.core.sentences import gettext_noop as _
from peersupport.core.transitions import Workflow


class LiftState(StrEnum):
    """Where the lifting of one account's second factor stands."""

    ASKED = "asked"
    SECONDED = "seconded"
    LIFTED = "lifted"
    CANCELED = "canceled"  # by its owner, or by one of those who decided
    LAPSED = "lapsed"  # nobody seconded in time, or there is nothing left that was decided about


LIFT_STATE_LABELS: dict[LiftState, str] = {
    LiftState.ASKED: _("Asked"),
    LiftState.SECONDED: _("Seconded"),
    LiftState.LIFTED: _("Lifted"),
    LiftState.CANCELED: _("Canceled"),
    LiftState.LAPSED: _("Lapsed"),
}

LIFTING = Workflow(
    labels=LIFT_STATE_LABELS,
    moves={
        LiftState.ASKED: {LiftState.SECONDED, LiftState.CANCELED, LiftState.LAPSED},
        LiftState.SECONDED: {LiftState.LIFTED, LiftState.CANCELED, LiftState.LAPSED},
        LiftState.LIFTED: set(),
        LiftState.CANCELED: set(),
        LiftState.LAPSED: set(),
    },
    refusal={
        LiftState.ASKED: _("Someone has already asked. Look again."),
        LiftState.SECONDED: _("Someone has already seconded it. Look again."),
        LiftState.LIFTED: _("Two people have to agree first."),
        LiftState.CANCELED: _("This is over already. Look again."),
        LiftState.LAPSED: _("This is over already. Look again."),
    },
)
OPEN = (LiftState.ASKED, LiftState.SECONDED)

# The designee stands in for the clinical director with officers, not with keys to other people's accounts.
OFFICES = tuple(role for role in Role if Permission.LIFT_SECOND_FACTOR in PERMISSIONS_OF[role])

DAY = timedelta(days=1)
MOST_IN_A_DAY = 3  # times that one person asks for one account: each is a mail to its owner
SECONDED_WITHIN = timedelta(days=7)
OWNER_MAY_CANCEL_FOR = timedelta(hours=24)  # at least
HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class Lift:
    """An open lifting, with what has become of the people in it.

    is_owner_as_asked: whether the account is active, with no other second factor and no further role than when it was
    asked. are_in_office: whether everybody who decided so far still holds an office, two different ones where they are
    two.
    """

    state: LiftState
    asked_at: datetime
    seconded_at: datetime | None = None
    is_owner_as_asked: bool = True
    are_in_office: bool = True


def two_offices(first: Collection[Role], second: Collection[Role]) -> tuple[Role, Role] | None:
    """Two different offices, one for each of two persons with these roles; None if they hold no two between them."""
    pairs = ((one, other) for one in OFFICES for other in OFFICES if one in first and other in second)
    return next(((one, other) for one, other in pairs if one != other), None)


def holds_office(roles: Collection[Role]) -> bool:
    return any(office in roles for office in OFFICES)


def lapses_at(asked_at: datetime) -> datetime:
    return asked_at + SECONDED_WITHIN


def takes_effect_at(seconded_at: datetime) -> datetime:
    """At a full or half hour, when a round does it: pages and mails name a time that is kept."""
    earliest = seconded_at + OWNER_MAY_CANCEL_FOR
    since_midnight = earliest - earliest.replace(hour=0, minute=0, second=0, microsecond=0)
    return earliest + -since_midnight % HALF_HOUR


def due_state(lift: Lift, now: datetime) -> LiftState | None:
    """The state that time, or what has become of the people, brings by itself; None while it goes on."""
    if not (lift.is_owner_as_asked and lift.are_in_office):
        return LiftState.LAPSED
    if lift.state == LiftState.ASKED and now >= lapses_at(lift.asked_at):
        return LiftState.LAPSED
    if lift.state == LiftState.SECONDED and lift.seconded_at and now >= takes_effect_at(lift.seconded_at):
        return LiftState.LIFTED
    return None
