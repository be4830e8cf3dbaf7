"""What a candidate answered, under the headings that coordinator and panel read."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peersupport.team.domain.states import MEMBER_KIND_LABELS, MemberKind

from ..models import Application

# Heading, and the field of the application.
QUESTIONS = (
    (gettext_lazy("Why would you like to take part?"), "why"),
    (gettext_lazy("What are your qualifications?"), "qualifications"),
    (gettext_lazy("How would the program gain from you?"), "benefit"),
    (gettext_lazy("Training or experience that may help"), "training"),
    (gettext_lazy("When could you be there for others?"), "availability"),
)


def answers_of(application: Application) -> list[tuple[str, str]]:
    """Question and answer, without those left empty."""
    return [(question, text) for question, name in QUESTIONS if (text := getattr(application, name))]


def facts_about(application: Application) -> list[tuple[str, str]]:
    """Label and value, without those left empty."""
    years = application.years_of_service
    facts = [
        ("Kind", MEMBER_KIND_LABELS[MemberKind(application.kind)] if application.kind else ""),
        ("Unit", application.unit),
        ("Assignment", application.assignment),
        (_("Years of service"), "" if years is None else str(years)),
        ("Languages", application.languages),
        ("Duties", ", ".join(application.conflict_labels)),
    ]
    return [(label, value) for label, value in facts if value]
