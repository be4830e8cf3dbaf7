"""Asking those who know the candidate, reminding them, and taking their answer."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from peersupport.audit import actions as audit

from .. import letters
from ..domain.reminders import is_due
from ..domain.states import WITH_THE_TEAM, ReferenceState
from ..models import Application, Reference
from ..queries import applications
from .links import Purpose, follow, new_address
from .mail_limit import may_write_to
from .transitions import locked


def ask_references(application: Application) -> None:
    """Everybody who was named and not asked yet; each gets a private link. Who had much mail today waits for a day."""
    # In the order of their addresses, so that two transactions never wait for each other's count of mails.
    for reference in application.references.filter(state=ReferenceState.NAMED).order_by("email"):
        if not may_write_to(reference.email):
            continue
        reference.state, reference.asked_on = ReferenceState.ASKED, timezone.localdate()
        reference.save(update_fields=["state", "asked_on"])
        _write_to(reference, letters.Kind.REFERENCE)


@transaction.atomic
def ask_references_left(*, application_id: int) -> None:
    """Who was named and had much mail on that day is asked on another."""
    application = locked(application_id)
    if application.state in WITH_THE_TEAM:
        ask_references(application)


@transaction.atomic
def remind_references(*, today: date) -> int:
    """After 7 and after 14 days; a day without a worker loses none. How many were reminded."""
    due = [one for one in applications.references_without_answer() if is_due(one.asked_on, one.reminders, today)]
    for reference in due:
        reference.reminders += 1
        reference.save(update_fields=["reminders"])
        _write_to(reference, letters.Kind.REMINDER)
    if due:
        audit.record(action="references_reminded", by=None)
    return len(due)


@transaction.atomic
def give_reference(*, link: str, statement: str) -> None:
    """Raises LinkGone, for one that was answered already too."""
    _answer(link, ReferenceState.GIVEN, statement)


@transaction.atomic
def decline_reference(*, link: str) -> None:
    """Raises LinkGone. It is shown as that, and no reason is asked."""
    _answer(link, ReferenceState.DECLINED, "")


def _answer(link: str, state: ReferenceState, statement: str) -> None:
    found = follow(link, Purpose.REFERENCE)
    reference = found.reference
    assert reference is not None  # noqa: S101  # the database has no such link without one
    reference.state, reference.statement, reference.answered_on = state, statement, timezone.localdate()
    reference.save(update_fields=["state", "statement", "answered_on"])
    found.application.links.filter(reference=reference).delete()
    audit.record(action=f"reference_{state}", by=None, about=f"reference:{reference.pk}")


def _write_to(reference: Reference, kind: letters.Kind) -> None:
    letters.post(
        kind,
        reference.email,
        reference=reference,
        candidate=reference.application.name,
        link=new_address(reference.application, Purpose.REFERENCE, reference),
    )
