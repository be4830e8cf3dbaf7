"""The list of applications as rows for a spreadsheet; the writer keeps what somebody typed from becoming a formula."""

from collections.abc import Iterable, Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from ..domain.states import ApplicationState
from ..models import Application
from ..presenters.progress import state_label
from ..queries.onboarding import Onboarding


def headings() -> list[str]:
    return [_("Name"), _("E-mail"), _("Role"), _("Unit"), _("Status"), _("Since"), _("Assigned to")]


def rows(applications: Iterable[Application], onboarding: Mapping[int, Onboarding]) -> list[list[str]]:
    """In the order of the list. An accepted candidate's row has the stage instead of the state."""
    return [_row(application, onboarding.get(application.pk)) for application in applications]


def _row(application: Application, onboarding: Onboarding | None) -> list[str]:
    return [
        application.name,
        application.email,
        application.get_kind_display(),
        application.unit,
        state_label(ApplicationState(application.state), onboarding.stage if onboarding else None),
        timezone.localdate(application.since).isoformat(),
        application.assignee.name if application.assignee else "",
    ]
