"""What a candidate answered, under the headings that coordinator and panel read."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from peersupport.team.domain.states import MEMBER_KIND_LABELS, MemberKind

from ..domain.questions import QUESTIONS
from ..domain.states import DUTY_LABELS, Conflict

if TYPE_CHECKING:
    from ..models import Application


def answers_of(application: "Application") -> list[tuple[str, str]]:
    """Question and answer, without those left empty."""
    return [(_(question), text) for name, question in QUESTIONS.items() if (text := getattr(application, name))]


def facts_about(application: "Application") -> list[tuple[str, str]]:
    """Label and value, without those left empty."""
    years = application.years_of_service
    facts = [
        (_("Role"), _(MEMBER_KIND_LABELS[MemberKind(application.kind)]) if application.kind else ""),
        (_("Unit"), application.unit),
        (_("Assignment"), application.assignment),
        (_("Years of service"), "" if years is None else str(years)),
        (_("Languages"), application.languages),
        (_("Duties"), ", ".join(_(DUTY_LABELS[Conflict(code)]) for code in application.conflicts)),
    ]
    return [(label, value) for label, value in facts if value]
