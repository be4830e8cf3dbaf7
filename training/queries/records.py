"""Members' training records, and who may see them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from peersupport.team.domain.states import State
from peersupport.team.models import Member, User

from ..domain.coverage import Cell, matrix
from ..domain.standing import initial
from ..models import Record
from .subjects import asked, completions, subjects_in_use


def members_seen() -> QuerySet[Member]:
    """Whoever is on the team, by name."""
    members = Member.objects.exclude(state=State.ENDED).select_related("user")
    return members.order_by("user__name", "pk")


def initially_trained(members: Iterable[int]) -> frozenset[int]:
    """Which of these members have done the hours of their initial training."""
    done: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for member_id, day, hours in Record.objects.filter(member_id__in=list(members)).values_list(
        "member_id", "completed_on", "hours"
    ):
        done[member_id].append((day, hours))
    rules = asked()
    standings = {member_id: initial(days, rules) for member_id, days in done.items()}
    return frozenset(member_id for member_id, one in standings.items() if one is not None and one.done_on is not None)


def member_visible_to(user: User, member_id: int, *, sees_all: bool) -> Member | None:
    """Everybody for those who see all training; for a member, themselves."""
    found = Member.objects.select_related("user").filter(pk=member_id)
    return found.first() if sees_all else found.filter(user=user, user__is_member=True).first()


def records_of(member: Member) -> list[Record]:
    """The newest first."""
    records = Record.objects.filter(member=member).select_related("subject", "session")
    return list(records.order_by("-completed_on", "-id"))


def cells_of(member: Member, today: date) -> dict[str, Cell]:
    codes = [subject.code for subject in subjects_in_use()]
    return matrix([member.pk], codes, completions(today, members=[member.pk]), today)[member.pk]


def record_by_id(record_id: int) -> Record | None:
    return Record.objects.select_related("member__user", "subject").filter(pk=record_id).first()


def record_visible_to(user: User, record_id: int, *, sees_all: bool) -> Record | None:
    found = Record.objects.select_related("member__user", "subject", "session").filter(pk=record_id)
    return found.first() if sees_all else found.filter(member__user=user, member__user__is_member=True).first()
