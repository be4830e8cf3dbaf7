"""The list as rows for a spreadsheet. What somebody typed stays text there."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from ..domain.stages import LABELS as STAGE_LABELS
from ..models import Application
from ..queries.applications import Accepted

HEADINGS = ("Name", "E-mail", "Kind", "Unit", "State", "Since", "Looked after by")


def rows(applications: Iterable[Application], accepted: dict[int, Accepted]) -> list[list[str]]:
    """In the order of the list. How far an accepted candidate is stands in the place of the state."""
    return [
        [
            one.name,
            one.email,
            one.get_kind_display(),
            one.unit,
            STAGE_LABELS[accepted[one.pk].stage] if one.pk in accepted else one.get_state_display(),
            _day(one).isoformat(),
            one.assignee.name if one.assignee else "",
        ]
        for one in applications
    ]


def _day(application: Application) -> date:
    return timezone.localdate(application.since)
