"""Mails to candidates and their references. Each has at most one private link."""

from enum import StrEnum

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy

from peersupport.program.queries import settings_now
from peersupport.team.actions import mails
from peersupport.team.documents.mails import Mail


class ApplicationMailKind(StrEnum):
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


_APPLICATION = gettext_lazy("Your application to the peer support team")
_REFERENCE = gettext_lazy("You've been asked for a reference")
_INTERVIEW = gettext_lazy("Your interview with the peer support team")
_SUBJECTS = {
    ApplicationMailKind.DRAFT: _APPLICATION,
    ApplicationMailKind.CONFIRM: gettext_lazy("Please confirm your e-mail address"),
    ApplicationMailKind.RECEIVED: _APPLICATION,
    ApplicationMailKind.UNDER_WAY: _APPLICATION,
    ApplicationMailKind.AGAIN: _APPLICATION,
    ApplicationMailKind.REFERENCE: _REFERENCE,
    ApplicationMailKind.REMINDER: _REFERENCE,
    ApplicationMailKind.TIMES: _INTERVIEW,
    ApplicationMailKind.AGREED: _INTERVIEW,
    ApplicationMailKind.CANCELLED: _INTERVIEW,
    ApplicationMailKind.DECISION: _APPLICATION,
}


def queue(kind: ApplicationMailKind, email: str, *, ics: str = "", **context: object) -> None:
    """Queue a mail that leaves once the caller's transaction is committed.

    ics: the interview as an iCalendar file to attach, or "". context: further template variables.
    """
    text = render_to_string(f"applications/mails/{kind.value}.txt", {"program": settings_now(), **context})
    mails.queue_mail(kind=kind, email=email, mail=Mail(str(_SUBJECTS[kind]), text, ics, "interview.ics" if ics else ""))
