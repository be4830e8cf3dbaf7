"""Training that members took elsewhere and reported."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from peersupport.team.models import Member, User

from ..domain.states import ExternalTrainingState
from ..models import ExternalTraining


def not_on_record(member: Member) -> list[ExternalTraining]:
    """What is to be verified, and what was sent back and not reported again. Newest first."""
    later = ExternalTraining.objects.filter(member=member, subject=OuterRef("subject"), pk__gt=OuterRef("pk"))
    settled = Q(state=ExternalTrainingState.VERIFIED) | Q(state=ExternalTrainingState.SENT_BACK) & Exists(later)
    unsettled = ExternalTraining.objects.filter(member=member).exclude(settled)
    return list(unsettled.select_related("subject").order_by("-id"))


def providers_on_record(member: Member) -> dict[tuple[int, date], str]:
    """Who offered each verified training, by subject and day."""
    verified = ExternalTraining.objects.filter(member=member, state=ExternalTrainingState.VERIFIED)
    return {(subject, day): name for subject, day, name in verified.values_list("subject", "completed_on", "provider")}


def to_verify() -> QuerySet[ExternalTraining]:
    """The first that was reported comes first."""
    return ExternalTraining.objects.filter(state=ExternalTrainingState.REPORTED).select_related(
        "subject", "member__user"
    )


def count_to_verify() -> int:
    return to_verify().count()


def visible_to(user: User, external_training_id: int, *, sees_all: bool) -> ExternalTraining | None:
    """Any member's for those who see all training; otherwise only their own."""
    reported = ExternalTraining.objects.select_related("subject", "member__user").filter(pk=external_training_id)
    return reported.first() if sees_all else reported.filter(member__user=user).first()
