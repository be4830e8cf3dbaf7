"""One application as a PDF for the panel: facts, answers and references. No scores: each reviewer gives their own."""

from datetime import date
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from peersupport.core import pdf
from peersupport.program.queries import settings_now

from ..domain.states import LABELS, REFERENCE_KIND_LABELS, ApplicationState, ReferenceKind, ReferenceState
from ..models import Application, Reference
from ..presenters.answers import answers_of, facts_about
from ..queries import applications

TEMPLATE = Path(__file__).with_suffix(".typ")


def application_pdf(application: Application, today: date) -> bytes:
    """The application as it is today."""
    status = {"state": _(LABELS[ApplicationState(application.state)]), "day": date_format(today, "DATE_FORMAT")}
    return pdf.to_pdf(
        TEMPLATE,
        {
            "title": _("Application of %(name)s") % {"name": application.name},
            "agency": settings_now().agency,
            "status": _("%(state)s, printed on %(day)s. For the review panel only.") % status,
            "facts": facts_about(application),
            "answers": [[question, _paragraphs(text)] for question, text in answers_of(application)],
            "references_heading": _("References"),
            "references": [_reference(reference) for reference in applications.references_of(application)],
        },
    )


def _reference(reference: Reference) -> list[object]:
    answers = {ReferenceState.DECLINED: _("Declined to answer."), ReferenceState.GIVEN: reference.statement}
    kind = _(REFERENCE_KIND_LABELS[ReferenceKind(reference.kind)])
    heading = _("%(kind)s: %(name)s") % {"kind": kind, "name": reference.name}
    return [heading, _paragraphs(answers.get(ReferenceState(reference.state), _("No answer yet.")))]


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.splitlines() if part.strip()]
