"""The audit log, with the names that its numbers stand for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from peersupport.audit import head_file
from peersupport.audit import queries as audit
from peersupport.audit.models import Entry
from peersupport.team.models import Invitation, Member, User
from training.models import ExternalTraining


@dataclass(frozen=True)
class Filter:
    """person: whoever did it, or whose record it was about. since, until: days of the program's own time zone."""

    person: int | None = None
    act: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_impossible(self) -> bool:
        return bool(self.since and self.until and self.until < self.since)


@dataclass(frozen=True)
class Chain:
    """noted_on: when its head was last noted outside the database. is_whole: None where that can't be read."""

    entries: int
    noted_on: date | None
    is_whole: bool | None


@dataclass(frozen=True)
class Names:
    """By number: of accounts, of members, and of invitations that are still open."""

    user: dict[int, str]
    member: dict[int, str]
    invitation: dict[int, str]


def entries(chosen: Filter) -> QuerySet[Entry]:
    """Newest first."""
    found = Entry.objects.order_by("-pk")
    if chosen.is_impossible:
        return found.none()
    if chosen.person is not None:
        found = found.filter(_concerns(chosen.person))
    if chosen.act:
        found = found.filter(action=chosen.act)
    if chosen.since:
        found = found.filter(at__date__gte=chosen.since)
    if chosen.until:
        found = found.filter(at__date__lte=chosen.until)
    return found


def names() -> Names:
    """Of everybody who ever had an account: a list that is as long as the team."""
    members = Member.objects.values_list("pk", "user__name")
    invitations = Invitation.objects.values_list("pk", "name")
    return Names(dict(User.objects.values_list("pk", "name")), dict(members), dict(invitations))


def chain() -> Chain:
    """How far the chain goes, and whether it still has all that was noted. `verify_audit` looks at every entry."""
    count = audit.head().count
    try:
        noted, is_whole = head_file.noted(), audit.reaches_noted_head()
    except (OSError, ValueError):
        return Chain(count, None, None)
    return Chain(count, max(noted, default=None), is_whole)


def _concerns(user_id: int) -> Q:
    abouts = [f"user:{user_id}"]
    concerns = Q(by_id=user_id)
    for member_id in Member.objects.filter(user_id=user_id).values_list("pk", flat=True):
        abouts += [f"member:{member_id}", *_reports_of(member_id)]
        concerns |= Q(about__endswith=f":member:{member_id}")
    return concerns | Q(about__in=abouts)


def _reports_of(member_id: int) -> Iterable[str]:
    reports = ExternalTraining.objects.filter(member_id=member_id).values_list("pk", flat=True)
    return (f"report:{number}" for number in reports)
