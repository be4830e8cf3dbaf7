"""Training that members took elsewhere and reported."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from peersupport.team.models import Member, User

from ..domain.states import ReportState
from ..models import ExternalTraining


def reports_of(member: Member) -> list[ExternalTraining]:
    """What has not come on record: to be verified, or sent back and not reported again. The latest first."""
    later = ExternalTraining.objects.filter(member=member, subject=OuterRef("subject"), pk__gt=OuterRef("pk"))
    settled = Q(state=ReportState.VERIFIED) | Q(state=ReportState.SENT_BACK) & Exists(later)
    open_ones = ExternalTraining.objects.filter(member=member).exclude(settled)
    return list(open_ones.select_related("subject").order_by("-id"))


def providers_of(member: Member) -> dict[tuple[int, date], str]:
    """Who offered what came on record from a report, by its subject and day."""
    verified = ExternalTraining.objects.filter(member=member, state=ReportState.VERIFIED)
    return {(subject, day): name for subject, day, name in verified.values_list("subject", "completed_on", "provider")}


def reports_to_verify() -> list[ExternalTraining]:
    return list(ExternalTraining.objects.filter(state=ReportState.REPORTED).select_related("subject", "member__user"))


def report_visible_to(user: User, report_id: int, *, sees_all: bool) -> ExternalTraining | None:
    found = ExternalTraining.objects.select_related("subject", "member__user").filter(pk=report_id)
    return found.first() if sees_all else found.filter(member__user=user).first()
