"""A member asks the clinical side to call: how soon, and what time does to it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from .routing import SLOT, slot_of


class HowSoon(StrEnum):
    NOW = "now"
    TODAY = "today"
    THIS_WEEK = "this_week"


LABELS: dict[HowSoon, str] = {
    HowSoon.NOW: "Within the hour",
    HowSoon.TODAY: "Today",
    HowSoon.THIS_WEEK: "This week",
}
# After this long without an answer everybody who may answer is told once more.
PATIENCE: dict[HowSoon, timedelta] = {
    HowSoon.NOW: timedelta(minutes=30),
    HowSoon.TODAY: timedelta(hours=4),
    HowSoon.THIS_WEEK: timedelta(days=3),
}
KEPT_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Asked:
    """One member's wish to be called. whom: the account that is asked; None for whoever can first.

    since: the half-hour slot in which it was asked. There is no word in it, and no place for one.
    """

    id: UUID
    member_id: int
    whom: int | None
    how_soon: HowSoon
    since: int
    is_told_again: bool = False

    @property
    def label(self) -> str:
        return LABELS[self.how_soon]

    def is_due(self, now: datetime) -> bool:
        """Whether it has waited too long and nobody was told again yet."""
        return not self.is_told_again and self._has_lasted(PATIENCE[self.how_soon], now)

    def is_over(self, now: datetime) -> bool:
        return self._has_lasted(KEPT_FOR, now)

    def _has_lasted(self, time: timedelta, now: datetime) -> bool:
        return slot_of(now) - self.since >= time // SLOT
