"""Mails to candidates and their references. Each has at most one private link."""

from enum import StrEnum

from django.template.loader import render_to_string

from peersupport.program.queries import settings_now
from peersupport.team.actions import mails
from peersupport.team.documents.mails import Mail


class Kind(StrEnum):
    """The value names the template."""

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


def queue(kind: Kind, email: str, *, calendar: str = "", **context: object) -> None:
    """Queue a mail that leaves once the caller's transaction is committed.

    calendar: an iCalendar file to attach, or "". context: further template variables.
    """
    text = render_to_string(f"applications/mails/{kind.value}.txt", {"program": settings_now(), **context})
    mails.queue_mail(kind=kind, email=email, mail=Mail(_SUBJECTS[kind], text, calendar))
