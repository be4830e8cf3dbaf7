"""One application as a PDF for the panel: facts, answers and references. No scores: each reviewer gives their own."""

from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from peersupport.core import pdf
from peersupport.program.queries import settings_now
from training.presenters.formats import long_day

from ..domain.states import ReferenceState
from ..models import Application, Reference
from ..presenters.answers import answers_of, facts_about
from ..queries import applications

TEMPLATE = Path(__file__).with_suffix(".typ")


def application_pdf(application: Application, today: date) -> bytes:
    """The application as it is today."""
    return pdf.to_pdf(
        TEMPLATE,
        {
            "title": f"Application of {application.name}",
            "agency": settings_now().agency,
            "status": f"{application.get_state_display()}, printed on {long_day(today)}. For the panel alone.",
            "facts": facts_about(application),
            "answers": [[question, _paragraphs(text)] for question, text in answers_of(application)],
            "references": [_reference(reference) for reference in applications.references_of(application)],
        },
    )


def _reference(reference: Reference) -> list[object]:
    answers = {ReferenceState.DECLINED: _("Would rather not."), ReferenceState.GIVEN: reference.statement}
    heading = f"{reference.get_kind_display()}: {reference.name}"
    return [heading, _paragraphs(answers.get(ReferenceState(reference.state), _("Has not answered.")))]


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.splitlines() if part.strip()]
