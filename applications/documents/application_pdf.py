"""One application as a PDF for the panel: facts, answers and references. No scores: each reviewer gives their own."""

from datetime import date
from pathlib import Path

from peersupport.core import pdf
from peersupport.program.queries import settings_now
from peersupport.team.domain.states import KIND_LABELS, Kind
from training.presenters.wording import long_day

from ..domain.states import ReferenceState
from ..models import Application, Reference
from ..queries import applications

TEMPLATE = Path(__file__).with_suffix(".typ")
QUESTIONS = (
    ("Why would you like to take part?", "why"),
    ("What are your qualifications?", "qualifications"),
    ("How would the program gain from you?", "benefit"),
    ("Training or experience that may help", "training"),
    ("When could you be there for others?", "availability"),
)


def application_pdf(application: Application, today: date) -> bytes:
    """As it stands on that day."""
    return pdf.to_pdf(
        TEMPLATE,
        {
            "title": f"Application of {application.name}",
            "agency": settings_now().agency,
            "standing": f"{application.get_state_display()}, printed on {long_day(today)}. For the panel alone.",
            "facts": facts_of(application),
            "answers": [
                [question, _paragraphs(text)] for question, name in QUESTIONS if (text := getattr(application, name))
            ],
            "references": [_reference(one) for one in applications.references_of(application)],
        },
    )


def facts_of(application: Application) -> list[tuple[str, str]]:
    """What is known of the candidate, without what is empty."""
    years = application.years_of_service
    facts = [
        ("Kind", KIND_LABELS[Kind(application.kind)] if application.kind else ""),
        ("Unit", application.unit),
        ("Assignment", application.assignment),
        ("Years of service", "" if years is None else str(years)),
        ("Languages", application.languages),
        ("Duties", ", ".join(application.conflict_words)),
    ]
    return [(name, value) for name, value in facts if value]


def _reference(reference: Reference) -> list[object]:
    words = {ReferenceState.DECLINED: "Would rather not.", ReferenceState.GIVEN: reference.statement}
    heading = f"{reference.get_kind_display()}: {reference.name}"
    return [heading, _paragraphs(words.get(ReferenceState(reference.state), "Has not answered."))]


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.splitlines() if part.strip()]
