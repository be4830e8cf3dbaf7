"""Members' training records, and who may see them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from peersupport.team.models import Member, User

from ..domain.coverage import matrix
from ..domain.hours import initial_training
from ..domain.standing import Standing
from ..models import Record
from . import subjects


def initially_trained(members: Iterable[int]) -> frozenset[int]:
    """Which of these members have reached the hours of their initial training."""
    completed: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for member_id, day, hours in Record.objects.filter(member_id__in=list(members)).values_list(
        "member_id", "completed_on", "hours"
    ):
        completed[member_id].append((day, hours))
    requirements = subjects.hours_requirements()
    progress = {member_id: initial_training(days, requirements) for member_id, days in completed.items()}
    return frozenset(pk for pk, initial in progress.items() if initial is not None and initial.done_on is not None)


def member_visible_to(user: User, member_id: int, *, sees_all: bool) -> Member | None:
    """Any member for those who see all training; otherwise only themselves."""
    members = Member.objects.select_related("user").filter(pk=member_id)
    return members.first() if sees_all else members.filter(user=user, user__is_member=True).first()


def records_of(member: Member) -> list[Record]:
    """Newest first."""
    records = Record.objects.filter(member=member).select_related("subject", "session")
    return list(records.order_by("-completed_on", "-id"))


def standings_of(member: Member, today: date) -> dict[str, Standing]:
    """The member's standing in each subject in use, by its code."""
    codes = [subject.code for subject in subjects.subjects_in_use()]
    return matrix([member.pk], codes, subjects.last_completions(today, members=[member.pk]), today)[member.pk]


def record_by_id(record_id: int) -> Record | None:
    return Record.objects.select_related("member__user", "subject").filter(pk=record_id).first()


def record_visible_to(user: User, record_id: int, *, sees_all: bool) -> Record | None:
    """Any member's for those who see all training; otherwise only their own."""
    records = Record.objects.select_related("member__user", "subject", "session").filter(pk=record_id)
    return records.first() if sees_all else records.filter(member__user=user, member__user__is_member=True).first()
