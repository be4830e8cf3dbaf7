"""An activation: a critical incident has hit a shift or a unit, and the team is called out. Pure: today is an argument.

It is about the team alone: it records nobody who was there, and nobody who comes to a session.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from peersupport.core.dates import add_years
from peersupport.core.sentences import gettext_noop as _
from peersupport.core.transitions import Workflow


class ActivationStage(StrEnum):
    RUNNING = "running"
    ENDED = "ended"


ACTIVATION = Workflow(
    labels={ActivationStage.RUNNING: _("Running"), ActivationStage.ENDED: _("Ended")},
    moves={ActivationStage.RUNNING: {ActivationStage.ENDED}, ActivationStage.ENDED: set()},
    refusal=_("This activation has already ended."),
)


class Answer(StrEnum):
    """The answer of a member who was called out. They may change it."""

    NONE = "none"
    COMES = "comes"
    CANNOT = "cannot"


ANSWER_LABELS: dict[Answer, str] = {
    Answer.COMES: _("Can come"),
    Answer.NONE: _("No answer yet"),
    Answer.CANNOT: _("Can't come"),
}


class FollowUp(StrEnum):
    """When the coordinator is reminded to check how people are."""

    THREE_DAYS = "three_days"
    TWO_WEEKS = "two_weeks"
    YEAR = "year"


FOLLOW_UP_LABELS: dict[FollowUp, str] = {
    FollowUp.THREE_DAYS: _("Three days"),
    FollowUp.TWO_WEEKS: _("Two weeks"),
    FollowUp.YEAR: _("A year"),
}


def follow_up_due(begun_on: date, today: date) -> FollowUp | None:
    """The latest follow-up whose time has come; it replaces the earlier ones. None before the first."""
    if today >= add_years(begun_on, 1):
        return FollowUp.YEAR
    if today >= begun_on + timedelta(weeks=2):
        return FollowUp.TWO_WEEKS
    return FollowUp.THREE_DAYS if today >= begun_on + timedelta(days=3) else None


@dataclass(frozen=True)
class CapRaise:
    """How many contacts more than they chose members may carry for some days.

    excluded: ids of members whose cap stays, because they said that they can't come.
    """

    extra_contacts: int = 0
    excluded: Collection[int] = frozenset()

    def cap_of(self, member_id: int, cap: int) -> int:
        """cap: what the member chose."""
        return cap if member_id in self.excluded else cap + self.extra_contacts
