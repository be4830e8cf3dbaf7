"""Asking those who know the candidate for a reference, reminding them, and saving their answer."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from peersupport.audit import actions as audit

from ..domain.reminders import is_due
from ..domain.states import REFERENCE, WITH_THE_TEAM, ReferenceState
from ..models import Application, LinkPurpose, Reference
from ..queries import applications
from . import links, mail_limit, mails, transitions


def ask_references(application: Application) -> None:
    """Mail a private link to every named reference not asked yet; at an address's daily limit, a later day asks."""
    # In the order of their addresses, so that two transactions never deadlock on the mail counts.
    for reference in application.references.filter(state=ReferenceState.NAMED).order_by("email"):
        if not mail_limit.count_mail(reference.email):
            continue
        reference.state, reference.asked_on = ReferenceState.ASKED, timezone.localdate()
        reference.save(update_fields=["state", "asked_on"])
        _mail(reference, mails.ApplicationMailKind.REFERENCE)


@transaction.atomic
def ask_remaining_references(*, application_id: int) -> None:
    """Ask the references whose address had reached its daily limit before."""
    application = transitions.lock(application_id)
    if application.state in WITH_THE_TEAM:
        ask_references(application)


@transaction.atomic
def remind_references(*, today: date) -> int:
    """Remind after 7 and after 14 days, or as soon after as the task runs. Returns how many were reminded."""
    due = [
        reference
        for reference in applications.lock_unanswered_references()
        if is_due(reference.asked_on, reference.reminders, today)
    ]
    for reference in due:
        reference.reminders += 1
        reference.save(update_fields=["reminders"])
        _mail(reference, mails.ApplicationMailKind.REMINDER)
    if due:
        audit.record(action="references_reminded", by=None)
    return len(due)


@transaction.atomic
def give_reference(*, link: str, statement: str) -> None:
    """Raises InvalidLink, also for a reference that was already answered."""
    _answer(link, ReferenceState.GIVEN, statement)


@transaction.atomic
def decline_reference(*, link: str) -> None:
    """Record that they would rather not; no reason is asked. Raises InvalidLink."""
    _answer(link, ReferenceState.DECLINED, "")


def _answer(token: str, state: ReferenceState, statement: str) -> None:
    link = links.resolve(token, LinkPurpose.REFERENCE)
    reference = link.reference
    assert reference is not None  # noqa: S101  # a database constraint: links of this purpose have one
    REFERENCE.check(ReferenceState(reference.state), state)
    reference.state, reference.statement, reference.answered_on = state, statement, timezone.localdate()
    reference.save(update_fields=["state", "statement", "answered_on"])
    link.application.links.filter(reference=reference).delete()
    audit.record(action=f"reference_{state}", by=None, about=f"reference:{reference.pk}")


def _mail(reference: Reference, kind: mails.ApplicationMailKind) -> None:
    mails.queue(
        kind,
        reference.email,
        reference=reference,
        candidate=reference.application.name,
        link=links.new_url(reference.application, LinkPurpose.REFERENCE, reference),
    )
