"""What a candidate answered, under the headings that coordinator and panel read."""

from peersupport.team.domain.states import MEMBER_KIND_LABELS, MemberKind

from ..models import Application

# Heading, and the field of the application.
QUESTIONS = (
    ("Why would you like to take part?", "why"),
    ("What are your qualifications?", "qualifications"),
    ("How would the program gain from you?", "benefit"),
    ("Training or experience that may help", "training"),
    ("When could you be there for others?", "availability"),
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
        ("Years of service", "" if years is None else str(years)),
        ("Languages", application.languages),
        ("Duties", ", ".join(application.conflict_labels)),
    ]
    return [(label, value) for label, value in facts if value]
