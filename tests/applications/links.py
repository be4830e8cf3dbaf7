"""One application per purpose of a private link, in a state in which the page behind the link works."""

from datetime import timedelta

from django.utils import timezone

from applications import resumes
from applications.actions.links import make_link
from applications.domain.states import ApplicationState
from applications.models import Application, LinkPurpose, Move, Reference
from tests.training.external_training import pdf

FULL = {
    "name": "Cory Candidate", "kind": "sworn", "why": "Why", "qualifications": "What", "benefit": "How",
    "confirmed_on": "2026-01-15",
}  # fmt: skip
STATES = {
    "draft": ApplicationState.DRAFT,
    "confirm": ApplicationState.UNCONFIRMED,
    "interview": ApplicationState.INTERVIEW,
}


def private_links() -> tuple[dict[str, str], int]:
    """The link's secret by purpose, and the id of an application with an interview and a résumé."""
    links = {purpose: _link(purpose) for purpose in LinkPurpose.values}
    interviewed = Application.objects.get(state=ApplicationState.INTERVIEW)
    interviewed.resume = resumes.store(pdf())
    interviewed.save()
    return links, interviewed.pk


def _link(purpose: str) -> str:
    now, state = timezone.now(), STATES.get(purpose, ApplicationState.SUBMITTED)
    application = Application.objects.create(email=f"{purpose}@example.org", state=state, since=now, **FULL)
    Move.objects.create(application=application, to_state=ApplicationState.DRAFT, mover="candidate", at=now)
    reference = None
    if purpose == LinkPurpose.REFERENCE:
        reference = Reference.objects.create(
            application=application, kind="reference", name="Rita Referee", email="rita@example.org", state="asked",
            asked_on=now.date(),
        )  # fmt: skip
    if purpose == LinkPurpose.INTERVIEW:
        interview = application.interviews.create(place="Room 2", state="agreed", starts_at=now)
        interview.times.create(starts_at=now + timedelta(days=3))
    return make_link(application, purpose, reference)
