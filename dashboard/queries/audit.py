"""The audit log, with the names that its numbers stand for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from applications.models import Interview, Reference, Review
from applications.queries import applications
from peersupport.audit import head_file
from peersupport.audit import queries as audit
from peersupport.audit.models import Entry
from peersupport.incidents.models import Activation
from peersupport.program.models import ProgramText
from peersupport.team.models import Invitation, Member, User
from training.models import ExternalTraining, GivenSession, Import, Session, Subject

Facts = Mapping[str, str | int | date]  # what a thing is called by, as its page calls it


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
    """By number. things: of each kind those that are still there, with what they are called by."""

    user: Mapping[int, str]
    member: Mapping[int, str]
    things: Mapping[str, Mapping[int, Facts]] = field(default_factory=dict)


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


def names(viewer: User) -> Names:
    """As many queries for one entry as for all: the tables of the team plane are short."""
    members = Member.objects.values_list("pk", "user__name")
    return Names(dict(User.objects.values_list("pk", "name")), dict(members), _things(viewer))


def _things(viewer: User) -> dict[str, dict[int, Facts]]:
    seen = applications.visible_to(viewer).exclude(name="")
    of_seen = {"application__in": seen.values("pk")}
    candidate, titles = F("application__name"), dict(ProgramText.Name.choices)
    references, reports = Reference.objects.filter(**of_seen).exclude(name=""), ExternalTraining.objects
    return {
        "activation": _facts(Activation.objects.values("pk", day=F("begun_on"))),
        "application": _facts(seen.order_by().values("pk", "name")),
        "given": _facts(GivenSession.objects.values("pk", name=F("topic"))),
        "import": _facts(Import.objects.values("pk", day=F("uploaded_on"))),
        "interview": _facts(Interview.objects.filter(**of_seen).values("pk", name=candidate)),
        "invitation": {**_accepted_invitations(), **_facts(Invitation.objects.values("pk", "name"))},
        "reference": _facts(references.values("pk", "name", candidate=candidate)),
        "report": _facts(reports.values("pk", name=F("member__user__name"), subject_name=F("subject__name"))),
        "review": _facts(Review.objects.filter(**of_seen).values("pk", name=F("reviewer__name"), candidate=candidate)),
        "session": _facts(Session.objects.values("pk", name=F("title"))),
        "subject": _facts(Subject.objects.values("pk", "name")),
        "text": {
            pk: {"name": str(titles.get(name, name)), "version": version}
            for pk, name, version in ProgramText.objects.values_list("pk", "name", "version")
        },
    }


def _accepted_invitations() -> dict[int, Facts]:
    """An invitation is deleted with its acceptance: who it was for is whoever accepted it."""
    accepted = _acceptances().values_list("about", "by__name")
    return {int(about.removeprefix("invitation:")): {"name": name} for about, name in accepted}


def _acceptances() -> QuerySet[Entry]:
    return Entry.objects.filter(action="invitation_accepted", about__startswith="invitation:")


def _facts(rows: Iterable[Mapping[str, Any]]) -> dict[int, Facts]:
    return {row["pk"]: {key: row[key] for key in row if key != "pk"} for row in rows}


def chain() -> Chain:
    """How far the chain goes, and whether it still has all that was noted. `verify_audit` looks at every entry."""
    count = audit.head().count
    try:
        noted, is_whole = head_file.noted(), audit.reaches_noted_head()
    except (OSError, ValueError):
        return Chain(count, None, None)
    return Chain(count, max(noted, default=None), is_whole)


def _concerns(user_id: int) -> Q:
    abouts = [f"user:{user_id}", *_acceptances().filter(by=user_id).values_list("about", flat=True)]
    concerns = Q(by_id=user_id)
    for member_id in Member.objects.filter(user_id=user_id).values_list("pk", flat=True):
        abouts += [f"member:{member_id}", *_reports_of(member_id)]
        concerns |= Q(about__endswith=f":member:{member_id}")
    return concerns | Q(about__in=abouts)


def _reports_of(member_id: int) -> Iterable[str]:
    reports = ExternalTraining.objects.filter(member_id=member_id).values_list("pk", flat=True)
    return (f"report:{number}" for number in reports)
