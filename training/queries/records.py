"""Members' training records, and who may see them."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Count, Min, Sum

from peersupport.team.models import Member, User

from ..domain.coverage import matrix
from ..domain.hours import initial_training
from ..domain.standing import Standing
from ..models import Record
from . import subjects


def initially_trained(members: Iterable[int]) -> frozenset[int]:
    """Which of these members have reached the hours of their initial training."""
    records, requirements = Record.objects.filter(member_id__in=list(members)).order_by(), subjects.hours_requirements()
    totals = records.values_list("member_id").annotate(began=Min("completed_on"), hours=Sum("hours"))
    # As if they had trained it all on the first day: that one decides what is required.
    progress = {pk: initial_training([(began, hours)], requirements) for pk, began, hours in totals}
    return frozenset(pk for pk, initial in progress.items() if initial is not None and initial.done_on is not None)


def trained_in_all(subjects_required: Collection[int], today: date) -> frozenset[int]:
    """The members who have completed each of these subjects, however long ago."""
    completed = Record.objects.filter(subject__in=subjects_required, completed_on__lte=today).order_by()
    counted = completed.values_list("member_id").annotate(trained_in=Count("subject_id", distinct=True))
    return frozenset(pk for pk, trained_in in counted if trained_in == len(subjects_required))


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
