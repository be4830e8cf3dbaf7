"""The list of applications as rows for a spreadsheet; the writer keeps what somebody typed from becoming a formula."""

from collections.abc import Iterable, Mapping

from django.utils import timezone
from django.utils.translation import gettext_lazy

from ..domain.onboarding import STAGE_LABELS
from ..models import Application
from ..queries.onboarding import Onboarding

HEADINGS = ("Name", "E-mail", "Kind", "Unit", "State", "Since", gettext_lazy("Looked after by"))


def rows(applications: Iterable[Application], onboarding: Mapping[int, Onboarding]) -> list[list[str]]:
    """In the order of the list. An accepted candidate's row has the stage instead of the state."""
    return [_row(application, onboarding.get(application.pk)) for application in applications]


def _row(application: Application, onboarding: Onboarding | None) -> list[str]:
    return [
        application.name,
        application.email,
        application.get_kind_display(),
        application.unit,
        STAGE_LABELS[onboarding.stage] if onboarding else application.get_state_display(),
        timezone.localdate(application.since).isoformat(),
        application.assignee.name if application.assignee else "",
    ]
