"""The audit log, with the names that its numbers stand for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from applications.models import Interview, Reference, Review
from applications.queries import applications
from peersupport.audit import head_file
from peersupport.audit import queries as audit
from peersupport.audit.models import Entry
from peersupport.incidents.models import Activation
from peersupport.program.models import ProgramText
from peersupport.team.domain.on_call import midnight
from peersupport.team.models import Invitation, Member, User
from training.models import ExternalTraining, GivenSession, Import, Session, Subject

from ..domain import audit_about

# Beyond them there is nothing, and the first and last days of all have no midnight.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)
NONE = {0}  # the number of no row: it is looked for all the same, so that the kinds of entries don't matter
Facts = Mapping[str, str | int | date]  # what a thing is called by, as its page calls it


@dataclass(frozen=True)
class Filter:
    """person: whoever did it, or whose record it was about. since, until: days of the program's own time zone.

    is_refused: what was typed can't be taken, so nothing is shown, and nothing is in the file.
    """

    person: int | None = None
    act: str = ""
    since: date | None = None
    until: date | None = None
    is_refused: bool = False


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
    if chosen.is_refused:
        return found.none()
    if chosen.person is not None:
        found = found.filter(_concerns(chosen.person))
    if chosen.act:
        found = found.filter(action=chosen.act)
    if chosen.since:
        found = found.filter(at__gte=_beginning_of(chosen.since))
    if chosen.until:
        found = found.filter(at__lt=_end_of(chosen.until))
    return found


def _beginning_of(day: date) -> datetime:
    """Compared as a moment: of a day that is worked out for each of thousands of rows the database makes slow work."""
    return midnight(min(max(day, FIRST_DAY), LAST_DAY), timezone.get_current_timezone())


def _end_of(day: date) -> datetime:
    return _beginning_of(min(day, LAST_DAY) + timedelta(days=1))


def names(viewer: User, shown: Iterable[Entry] | None = None) -> Names:
    """Of what these entries are by and about, at as many queries for one as for fifty; without them, of everything."""
    numbers = None if shown is None else _numbers(shown)

    def named(kind: str, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows if numbers is None else rows.filter(pk__in=numbers[kind] or NONE)

    return Names(
        user=dict(named("user", User.objects.all()).values_list("pk", "name")),
        member=dict(named("member", Member.objects.all()).values_list("pk", "user__name")),
        things={
            **_things(viewer, named),
            "invitation": _invitations(None if numbers is None else numbers["invitation"] or NONE),
        },
    )


def _numbers(shown: Iterable[Entry]) -> dict[str, set[int]]:
    entries = list(shown)
    numbers = audit_about.numbers(entry.about for entry in entries)
    numbers["user"] |= {entry.by_id for entry in entries if entry.by_id}
    return numbers


def _things(viewer: User, named: Callable[[str, QuerySet[Any]], QuerySet[Any]]) -> dict[str, dict[int, Facts]]:
    """named: takes a kind and all its rows, and returns those whose names are asked for."""
    seen = applications.visible_to(viewer).exclude(name="").order_by()
    of_seen, candidate, titles = (
        {"application__in": seen.values("pk")},
        F("application__name"),
        dict(ProgramText.Name.choices),
    )

    def facts(kind: str, rows: QuerySet[Any], *columns: str, **others: F) -> dict[int, Facts]:
        found: Iterable[dict[str, Any]] = named(kind, rows).values("pk", *columns, **others)
        return {row.pop("pk"): row for row in found}

    references, reviews = Reference.objects.filter(**of_seen).exclude(name=""), Review.objects.filter(**of_seen)
    reported = {"name": F("member__user__name"), "subject_name": F("subject__name")}
    return {
        "activation": facts("activation", Activation.objects.all(), day=F("begun_on")),
        "application": facts("application", seen, "name"),
        "given": facts("given", GivenSession.objects.all(), name=F("topic")),
        "import": facts("import", Import.objects.all(), day=F("uploaded_on")),
        "interview": facts("interview", Interview.objects.filter(**of_seen), name=candidate),
        "reference": facts("reference", references, "name", candidate=candidate),
        "report": facts("report", ExternalTraining.objects.all(), **reported),
        "review": facts("review", reviews, name=F("reviewer__name"), candidate=candidate),
        "session": facts("session", Session.objects.all(), name=F("title")),
        "subject": facts("subject", Subject.objects.all(), "name"),
        "text": {
            number: {**text, "name": str(titles.get(str(text["name"]), text["name"]))}
            for number, text in facts("text", ProgramText.objects.all(), "name", "version").items()
        },
    }


def _invitations(numbers: set[int] | None) -> dict[int, Facts]:
    """An invitation is deleted with its acceptance: who it was for is whoever accepted it."""
    accepted, waiting = _acceptances(), Invitation.objects.all()
    if numbers is not None:
        accepted = accepted.filter(about__in=[f"invitation:{number}" for number in numbers])
        waiting = waiting.filter(pk__in=numbers)
    names = {int(about.removeprefix("invitation:")): name for about, name in accepted.values_list("about", "by__name")}
    return {pk: {"name": name} for pk, name in {**names, **dict(waiting.values_list("pk", "name"))}.items()}


def _acceptances() -> QuerySet[Entry]:
    return Entry.objects.filter(action="invitation_accepted", about__startswith="invitation:")


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
