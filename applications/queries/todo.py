"""Figures of what waits for a coordinator or a reviewer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from peersupport.team.models import User

from ..domain.states import ReviewState
from . import applications, panel

WITHDRAWN_LATELY = timedelta(days=7)


@dataclass(frozen=True)
class NamedApplication:
    application_id: int
    name: str


@dataclass(frozen=True)
class CoordinatorFigures:
    """new, withdrawn: how many. without_suitable_time: the candidate can make none of the interview times.

    fully_reviewed: everybody who was asked for a review has answered.
    """

    new: int
    without_suitable_time: tuple[NamedApplication, ...]
    fully_reviewed: tuple[NamedApplication, ...]
    withdrawn: int


def for_coordinator(now: datetime) -> CoordinatorFigures:
    return CoordinatorFigures(
        new=applications.count_new(),
        without_suitable_time=_named(applications.without_suitable_time().values_list("pk", "name")),
        fully_reviewed=_named(panel.fully_reviewed().values_list("pk", "name")),
        withdrawn=applications.count_withdrawn(now - WITHDRAWN_LATELY),
    )


def for_reviewer(user: User) -> tuple[NamedApplication, ...]:
    """The applications that this person is named to review and has not answered about."""
    asked = panel.assigned_to(user).filter(state=ReviewState.ASKED)
    return _named(asked.values_list("application_id", "application__name"))


def _named(rows: Iterable[tuple[int, str]]) -> tuple[NamedApplication, ...]:
    return tuple(NamedApplication(*row) for row in rows)
