"""A critical incident has hit a shift or a unit, and the team is called out. Pure: today is an argument.

It is about the team alone: nobody who was there, and nobody who comes to a session, has a place in it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from peersupport.core.errors import Refused
from peersupport.team.domain.terms import years_later


class Stage(StrEnum):
    RUNNING = "running"
    ENDED = "ended"


MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.RUNNING: frozenset({Stage.ENDED}),
    Stage.ENDED: frozenset(),
}


def check_move(now: Stage, to: Stage) -> None:
    """Raises Refused unless an activation may go from one stage to the other."""
    if to not in MOVES[now]:
        raise Refused("This activation has ended already.")


class Answer(StrEnum):
    """What a member who was called out has said. They may change their mind."""

    NONE = "none"
    COMES = "comes"
    CANNOT = "cannot"


ANSWER_LABELS: dict[Answer, str] = {
    Answer.COMES: "Can come",
    Answer.NONE: "Has not answered yet",
    Answer.CANNOT: "Can't come",
}


class Step(StrEnum):
    """When the coordinator is reminded to look again at how people are."""

    THREE_DAYS = "three_days"
    TWO_WEEKS = "two_weeks"
    YEAR = "year"


STEP_LABELS: dict[Step, str] = {
    Step.THREE_DAYS: "Three days",
    Step.TWO_WEEKS: "Two weeks",
    Step.YEAR: "A year",
}


def step(begun_on: date, today: date) -> Step | None:
    """The latest step that has been reached; the ones before it are past. None: too early."""
    if today >= years_later(begun_on, 1):
        return Step.YEAR
    if today >= begun_on + timedelta(weeks=2):
        return Step.TWO_WEEKS
    return Step.THREE_DAYS if today >= begun_on + timedelta(days=3) else None


@dataclass(frozen=True)
class Raise:
    """By how many contacts everybody may carry more than they said, for some days. Who can't come is left out."""

    more: int = 0
    not_for: Collection[int] = frozenset()

    def cap_of(self, member_id: int, cap: int) -> int:
        return cap if member_id in self.not_for else cap + self.more
