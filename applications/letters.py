"""What a candidate, or somebody who vouches for them, is mailed. Each mail has one private link at most."""

from enum import StrEnum

from django.template.loader import render_to_string

from peersupport.program.queries import settings_now
from peersupport.team.actions import letters
from peersupport.team.letters import Mail


class Kind(StrEnum):
    DRAFT = "application_draft"
    CONFIRM = "application_confirm"
    RECEIVED = "application_received"
    UNDER_WAY = "application_known"
    AGAIN = "application_again"
    REFERENCE = "reference"
    REMINDER = "reference_again"
    TIMES = "interview_times"
    AGREED = "interview_agreed"
    CANCELLED = "interview_off"
    DECISION = "decision"


_APPLICATION = "Your application to the peer support team"
_REFERENCE = "Somebody asks you for a few words"
_INTERVIEW = "Your interview with the peer support team"
_SUBJECTS = {
    Kind.DRAFT: _APPLICATION,
    Kind.CONFIRM: "Please confirm your application",
    Kind.RECEIVED: _APPLICATION,
    Kind.UNDER_WAY: _APPLICATION,
    Kind.AGAIN: _APPLICATION,
    Kind.REFERENCE: _REFERENCE,
    Kind.REMINDER: _REFERENCE,
    Kind.TIMES: _INTERVIEW,
    Kind.AGREED: _INTERVIEW,
    Kind.CANCELLED: _INTERVIEW,
    Kind.DECISION: _APPLICATION,
}


def post(kind: Kind, email: str, *, calendar: str = "", **said: object) -> None:
    """Leaves once the caller's transaction is committed."""
    text = render_to_string(f"applications/letters/{kind.value}.txt", {"program": settings_now(), **said})
    letters.post(kind=kind, email=email, mail=Mail(_SUBJECTS[kind], text, calendar))
