"""Training taken elsewhere: reported with its certificate, verified by somebody else, or sent back."""

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from peersupport.access.permissions import Permission
from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions import outbox
from peersupport.team.models import Member, User
from peersupport.team.queries.members import people_with

from .. import certificates
from ..domain.states import ReportState, check_report
from ..models import ExternalTraining, Record
from .records import check_facts, record


def report_training(
    *, member: Member, subject: str, completed_on: date, hours: Decimal, provider: str, certificate: bytes, by: User
) -> ExternalTraining:
    """The coordinators are told that something waits. What cannot be true leaves no file behind."""
    known, exact = check_facts(member_id=member.pk, subject=subject, completed_on=completed_on, hours=hours)
    if Record.objects.filter(member=member, subject=known, completed_on=completed_on).exists():
        raise Refused("This training is on record for that day already.")
    name, kind = certificates.store(certificate)
    try:
        with transaction.atomic():
            report = ExternalTraining.objects.create(
                member=member, subject=known, completed_on=completed_on, hours=exact, provider=provider,
                certificate=name, certificate_kind=kind,
            )  # fmt: skip
            outbox.notify_all(user_ids=[user.pk for user in people_with(Permission.MANAGE_TRAINING)])
            audit.record(action="training_reported", by=by.pk, about=f"report:{report.pk}")
    except BaseException as error:
        certificates.forget(name)
        if isinstance(error, IntegrityError):
            raise Refused("You have reported this already, and somebody will look at it.") from None
        raise
    return report


@transaction.atomic
def verify_report(*, report_id: int, by: User) -> None:
    """It comes on record. Nobody verifies their own."""
    report = _looked_at(report_id, ReportState.VERIFIED, by)
    record(
        member_id=report.member_id, subject=report.subject.code, completed_on=report.completed_on,
        hours=report.hours, by=by,
    )  # fmt: skip
    report.state = ReportState.VERIFIED
    report.save(update_fields=["state"])
    audit.record(action="report_verified", by=by.pk, about=f"report:{report_id}")


@transaction.atomic
def send_back_report(*, report_id: int, reason: str, by: User) -> None:
    """The member is told that something waits, and reads the reason on their page."""
    report = _looked_at(report_id, ReportState.SENT_BACK, by)
    report.state, report.reason = ReportState.SENT_BACK, reason
    report.save(update_fields=["state", "reason"])
    if report.member.user.is_active:
        outbox.notify(user_id=report.member.user_id)
    audit.record(action="report_sent_back", by=by.pk, about=f"report:{report_id}")


def _looked_at(report_id: int, to: ReportState, by: User) -> ExternalTraining:
    found = (
        ExternalTraining.objects.select_for_update(of=("self",))
        .select_related("subject", "member__user")
        .get(pk=report_id)
    )
    check_report(ReportState(found.state), to)
    if found.member.user_id == by.pk:
        raise Refused("Somebody else has to look at your own certificate.")
    return found
