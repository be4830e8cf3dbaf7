"""Training taken elsewhere: reported with its certificate, verified by someone else, or sent back."""

import logging
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from peersupport.access.permissions import Permission
from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions import outbox
from peersupport.team.models import Member, User
from peersupport.team.queries.accounts import users_with_permission

from .. import certificates
from ..domain.states import EXTERNAL_TRAINING_WORKFLOW, ExternalTrainingState
from ..models import ExternalTraining, Record
from .records import check_completion, record

logger = logging.getLogger(__name__)


def report(
    *, member: Member, subject: str, completed_on: date, hours: Decimal, provider: str, certificate: bytes, by: User
) -> ExternalTraining:
    """Save what a member reports, with its certificate, and notify the coordinators.

    If it is refused, no file is left behind.
    """
    trained, exact_hours = check_completion(
        member_id=member.pk, subject=subject, completed_on=completed_on, hours=hours
    )
    if Record.objects.filter(member=member, subject=trained, completed_on=completed_on).exists():
        raise Refused(_("This training is already on record for that day."))
    name, kind = certificates.store(certificate)
    try:
        with transaction.atomic():
            reported = ExternalTraining.objects.create(
                member=member, subject=trained, completed_on=completed_on, hours=exact_hours, provider=provider,
                certificate=name, certificate_kind=kind,
            )  # fmt: skip
            outbox.notify_all(user_ids=[user.pk for user in users_with_permission(Permission.MANAGE_TRAINING)])
            audit.record(action="training_reported", by=by.pk, about=f"report:{reported.pk}")
    except BaseException as error:
        certificates.delete(name)
        if isinstance(error, IntegrityError):
            raise Refused(_("You've already reported this. The coordinator will check it.")) from None
        raise
    return reported


@transaction.atomic
def verify(*, external_training_id: int, by: User) -> None:
    """Put it on record. Nobody verifies their own."""
    reported = _locked_for(external_training_id, ExternalTrainingState.VERIFIED, by)
    record(
        member_id=reported.member_id, subject=reported.subject.code, completed_on=reported.completed_on,
        hours=reported.hours, by=by,
    )  # fmt: skip
    reported.state = ExternalTrainingState.VERIFIED
    reported.save(update_fields=["state"])
    audit.record(action="report_verified", by=by.pk, about=f"report:{external_training_id}")


@transaction.atomic
def send_back(*, external_training_id: int, reason: str, by: User) -> None:
    """Notify the member, who reads the reason on their page."""
    reported = _locked_for(external_training_id, ExternalTrainingState.SENT_BACK, by)
    reported.state, reported.reason = ExternalTrainingState.SENT_BACK, reason
    reported.save(update_fields=["state", "reason"])
    if reported.member.user.is_active:
        outbox.notify(user_id=reported.member.user_id)
    audit.record(action="report_sent_back", by=by.pk, about=f"report:{external_training_id}")


def make_earlier_pictures_anew() -> int:
    """Make anew what was stored before every upload was; returns how many. What can't be opened stays as it is."""
    waiting = ExternalTraining.objects.filter(certificate_kind__in=certificates.EARLIER_PICTURES)
    return sum(_make_anew(external_training_id) for external_training_id in waiting.values_list("pk", flat=True))


def _make_anew(external_training_id: int) -> bool:
    reports = ExternalTraining.objects.filter(pk=external_training_id)
    earlier = reports.values_list("certificate", flat=True).get()
    try:
        name, kind = certificates.store(certificates.load(earlier))
    except (Refused, OSError):
        logger.warning("the picture of report %s could not be made anew", external_training_id)
        return False
    is_named = reports.filter(certificate=earlier).update(certificate=name, certificate_kind=kind) == 1
    certificates.delete(earlier if is_named else name)
    return is_named


def _locked_for(external_training_id: int, to: ExternalTrainingState, by: User) -> ExternalTraining:
    """Lock it for this move. Raises Refused if it is settled already, or is the user's own."""
    reported = (
        ExternalTraining.objects.select_for_update(of=("self",))
        .select_related("subject", "member__user")
        .get(pk=external_training_id)
    )
    EXTERNAL_TRAINING_WORKFLOW.check(ExternalTrainingState(reported.state), to)
    if reported.member.user_id == by.pk:
        raise Refused(_("Someone else has to check your certificate."))
    return reported
