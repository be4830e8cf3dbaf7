"""A member's training status in a subject, and what to train next. Pure: today is an argument."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from peersupport.core.sentences import gettext_noop as _

from .validity import NEVER, last_lapse

# How long before its lapse a training shows as lapsing soon. Reminders go out within these days: see reminders.py.
EXPIRING_DAYS = 60


class Status(StrEnum):
    CURRENT = "current"
    EXPIRING = "expiring"
    LAPSED = "lapsed"
    MISSING = "missing"


STATUS_LABELS: dict[Status, str] = {
    Status.CURRENT: _("Current"),
    Status.EXPIRING: _("Lapses soon"),
    Status.LAPSED: _("Lapsed"),
    Status.MISSING: _("Not trained"),
}
# Seen without color, and printed in black.
STATUS_SYMBOLS: dict[Status, str] = {
    Status.CURRENT: "●",
    Status.EXPIRING: "◐",
    Status.LAPSED: "○",
    Status.MISSING: "–",
}
TRAINED = frozenset({Status.CURRENT, Status.EXPIRING})


@dataclass(frozen=True)
class Standing:
    """Where one member stands in one subject. lapses_on: None where it is missing, or valid for good."""

    status: Status
    lapses_on: date | None = None


MISSING = Standing(Status.MISSING)


def standing(completed: Iterable[tuple[date, int | None]], today: date) -> Standing:
    """From the days on which a member completed the subject, each with the months of its rule.

    A training that lapses within EXPIRING_DAYS is expiring; it still counts.
    """
    lapse = last_lapse(completed, today)
    if lapse is None:
        return MISSING
    if lapse == NEVER:
        return Standing(Status.CURRENT)
    if lapse <= today:
        return Standing(Status.LAPSED, lapse)
    return Standing(Status.EXPIRING if lapse <= today + timedelta(days=EXPIRING_DAYS) else Status.CURRENT, lapse)


def subjects_to_train(standings: Mapping[str, Standing]) -> list[tuple[str, Standing]]:
    """Code and standing of what to train next: lapsed, then expiring by their day, then never trained."""
    order = {Status.LAPSED: 0, Status.EXPIRING: 1, Status.MISSING: 2}
    urgent = [(code, standing) for code, standing in standings.items() if standing.status in order]
    return sorted(urgent, key=lambda item: (order[item[1].status], item[1].lapses_on or date.max))
