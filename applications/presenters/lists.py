"""The list of applications, and a reviewer's own list, as rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..domain.states import ApplicationState, ReviewState
from .progress import age_text, badge_class, state_label

if TYPE_CHECKING:
    from ..models import Application, Review
    from ..queries.onboarding import Onboarding

NONE = "–"


@dataclass(frozen=True)
class ApplicationRow:
    name: str
    url: str
    state: str
    badge_class: str
    age: str
    unit: str
    assignee: str


@dataclass(frozen=True)
class ReviewRow:
    name: str
    url: str
    note: str


def application_rows(
    applications: "Iterable[Application]", onboarding: "Mapping[int, Onboarding]", now: datetime
) -> list[ApplicationRow]:
    """In the order of the list. An accepted candidate's row has the stage instead of the state."""
    return [_row(application, onboarding.get(application.pk), now) for application in applications]


def _row(application: "Application", onboarding: "Onboarding | None", now: datetime) -> ApplicationRow:
    state = ApplicationState(application.state)
    return ApplicationRow(
        name=application.name,
        url=reverse("applications:detail", args=[application.pk]),
        state=state_label(state, onboarding.stage if onboarding else None),
        badge_class=badge_class(state),
        age=age_text((timezone.localdate(now) - timezone.localdate(application.since)).days),
        unit=application.unit or NONE,
        assignee=application.assignee.name if application.assignee else _("Nobody yet"),
    )


def empty_list_text(*, is_filtered: bool) -> str:
    if is_filtered:
        return _("No applications match. Try a different filter.")
    return _("No applications need our attention. New ones appear here once the candidate confirms their address.")


def review_rows(reviews: "Iterable[Review]") -> list[ReviewRow]:
    notes = {ReviewState.ASKED: _("Needs your review"), ReviewState.GIVEN: _("You've given your review")}
    return [
        ReviewRow(
            name=review.application.name,
            url=reverse("applications:detail", args=[review.application_id]),
            note=notes[ReviewState(review.state)],
        )
        for review in reviews
    ]
