"""Who is trained in what. Matching asks here; each question is as many queries for one member as for five hundred."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from peersupport.team.models import Member, User
from peersupport.team.states import State

from .coverage import Cell, matrix
from .models import (
    Enrolment,
    GivenSession,
    Import,
    ImportRow,
    Record,
    Report,
    Requirement,
    Session,
    Subject,
    ValidityRule,
)
from .standing import Asked, initial
from .states import Fate, ImportState, ReportState, SessionState
from .validity import is_current, rule_on

Completions = dict[tuple[int, str], list[tuple[date, int | None]]]


def subjects_held(today: date) -> dict[int, frozenset[str]]:
    """For each member with any record: the codes of the subjects they are current in today."""
    held: dict[int, set[str]] = defaultdict(set)
    for (member_id, code), completed in completions(today).items():
        if any(is_current(day, months, today) for day, months in completed):
            held[member_id].add(code)
    return {member_id: frozenset(codes) for member_id, codes in held.items()}


def subjects_required(concern: str) -> frozenset[str]:
    """The codes of the subjects that a peer must be current in to be offered this concern."""
    return required_by_concern().get(concern, frozenset())


def required_by_concern() -> dict[str, frozenset[str]]:
    """The same for every concern that requires any."""
    required: dict[str, set[str]] = defaultdict(set)
    for code, concerns in Subject.objects.filter(is_retired=False).values_list("code", "required_for"):
        for concern in concerns:
            required[concern].add(code)
    return {concern: frozenset(codes) for concern, codes in required.items()}


def completions(today: date, *, members: Iterable[int] | None = None) -> Completions:
    """By member and subject: the last day of each rule on which it was completed, with the months of that rule.

    Under one rule the last day lasts longest, so nothing that matters is left out.
    """
    rules = list(ValidityRule.objects.select_related("subject").order_by("subject_id", "-holds_from"))
    earliest = {rule.subject_id: rule for rule in rules}
    later = [rule for rule in rules if rule is not earliest[rule.subject_id]]
    records = Record.objects.filter(completed_on__lte=today).order_by()
    if members is not None:
        records = records.filter(member_id__in=list(members))
    months = {rule.pk: rule.valid_months for rule in rules}
    found: Completions = defaultdict(list)
    latest = (
        records.annotate(rule=_rule_of_the_day(later))
        .values_list("member_id", "subject_id", "rule")
        .annotate(last=Max("completed_on"))
    )
    for member_id, subject_id, rule, last in latest:
        first = earliest[subject_id]
        found[member_id, first.subject.code].append((last, months[rule or first.pk]))
    return dict(found)


def _rule_of_the_day(later: list[ValidityRule]) -> Case | Value:
    """In the database: the rule under which a record falls; 0 for its subject's first one. Newest rules come first."""
    if not later:
        return Value(0, output_field=IntegerField())
    cases = [When(subject_id=r.subject_id, completed_on__gte=r.holds_from, then=Value(r.pk)) for r in later]
    return Case(*cases, default=Value(0), output_field=IntegerField())


# Subjects and what is asked


@dataclass(frozen=True)
class SubjectNow:
    """A subject with the rule of today and, where one is set already, the rule to come."""

    subject: Subject
    rule: ValidityRule
    next_rule: ValidityRule | None
    records: int


def subjects_in_use() -> list[Subject]:
    return list(Subject.objects.filter(is_retired=False))


def all_subjects(today: date) -> list[SubjectNow]:
    """Those in use first."""
    subjects = Subject.objects.order_by("is_retired", "id").annotate(of_it=Count("records"))
    return [_now(subject, today, subject.of_it) for subject in subjects.prefetch_related("rules")]


def subject_by_code(code: str) -> Subject | None:
    return Subject.objects.filter(code=code).first()


def rules_of(subject: Subject) -> list[ValidityRule]:
    return list(subject.rules.order_by("-holds_from"))


def _now(subject: Subject, today: date, records: int) -> SubjectNow:
    rules = list(subject.rules.all())
    coming = [rule for rule in rules if rule.holds_from > today]
    return SubjectNow(subject, rule_on(rules, today), coming[0] if coming else None, records)


def requirements() -> list[Requirement]:
    """What is asked, the newest rule first."""
    return list(Requirement.objects.order_by("-holds_from"))


def asked() -> list[Asked]:
    names = ("holds_from", "initial_hours", "initial_months", "continuing_hours")
    return [Asked(**{name: getattr(rule, name) for name in names}) for rule in Requirement.objects.all()]


# Members and their records


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


# Sessions


def sessions_to_come(now: datetime) -> QuerySet[Session]:
    """Planned and not over, the next one first."""
    return _sessions().filter(state=SessionState.PLANNED, ends_at__gt=now)


def sessions_with_a_place(now: datetime) -> list[Session]:
    """The same of those in which not every place is taken."""
    return list(sessions_to_come(now).filter(Q(capacity__isnull=True) | Q(taken__lt=F("capacity"))))


def sessions_to_note(now: datetime) -> QuerySet[Session]:
    """Over, but nobody has noted who was there."""
    return _sessions().filter(state=SessionState.PLANNED, ends_at__lte=now)


def sessions_past() -> QuerySet[Session]:
    """Held or cancelled, the latest first."""
    return _sessions().exclude(state=SessionState.PLANNED).order_by("-starts_at", "-id")


def session_by_id(session_id: int) -> Session | None:
    return _sessions().filter(pk=session_id).first()


def enrolments_of(session: Session) -> list[Enrolment]:
    return list(session.enrolments.select_related("member__user").order_by("member__user__name", "pk"))


def sessions_of(member: Member, now: datetime) -> list[Session]:
    """What a member is enrolled in and is still to come, or was cancelled and would have been."""
    return list(_sessions().filter(enrolments__member=member, ends_at__gt=now))


def given_sessions() -> QuerySet[GivenSession]:
    """The latest first."""
    return GivenSession.objects.all()


def _sessions() -> QuerySet[Session]:
    taken = Coalesce(
        Subquery(
            Enrolment.objects.filter(session=OuterRef("pk"))
            .order_by()
            .values("session")
            .annotate(n=Count("pk"))
            .values("n")
        ),
        0,
    )
    return Session.objects.annotate(taken=taken).prefetch_related("parts__subject")


# Imports


def imports() -> list[Import]:
    """The latest first, without their files."""
    return list(Import.objects.select_related("uploaded_by").defer("content"))


def import_by_id(import_id: int) -> Import | None:
    return Import.objects.defer("content").filter(pk=import_id).first()


def import_to_be_read(content: bytes) -> Import | None:
    """The same file, uploaded a moment ago. One that was read may be uploaded anew, to be checked against more."""
    return Import.objects.filter(state=ImportState.UPLOADED, content=content).defer("content").first()


def rows_of(one: Import, fate: str) -> QuerySet[ImportRow]:
    """What is to be corrected first."""
    rows = one.rows.alias(is_right=Case(When(fate=Fate.WRONG, then=Value(0)), default=Value(1)))
    return (rows.filter(fate=fate) if fate else rows).order_by("is_right", "number")


def fates_of(one: Import) -> dict[Fate, int]:
    found = dict(one.rows.order_by().values_list("fate").annotate(n=Count("pk")))
    return {fate: found.get(fate, 0) for fate in Fate}


# Training taken elsewhere


def reports_of(member: Member) -> list[Report]:
    """What has not come on record: to be verified, or sent back and not reported again. The latest first."""
    later = Report.objects.filter(member=member, subject=OuterRef("subject"), pk__gt=OuterRef("pk"))
    settled = Q(state=ReportState.VERIFIED) | Q(state=ReportState.SENT_BACK) & Exists(later)
    open_ones = Report.objects.filter(member=member).exclude(settled)
    return list(open_ones.select_related("subject").order_by("-id"))


def providers_of(member: Member) -> dict[tuple[int, date], str]:
    """Who offered what came on record from a report, by its subject and day."""
    verified = Report.objects.filter(member=member, state=ReportState.VERIFIED)
    return {(subject, day): name for subject, day, name in verified.values_list("subject", "completed_on", "provider")}


def reports_to_verify() -> list[Report]:
    return list(Report.objects.filter(state=ReportState.REPORTED).select_related("subject", "member__user"))


def report_visible_to(user: User, report_id: int, *, sees_all: bool) -> Report | None:
    found = Report.objects.select_related("subject", "member__user").filter(pk=report_id)
    return found.first() if sees_all else found.filter(member__user=user).first()
