"""Who is trained in what. Matching asks here; each question is as many queries for one member as for five hundred."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, IntegerField, Max, Value, When

from ..domain.standing import Asked
from ..domain.validity import is_current, rule_on
from ..models import Record, Requirement, Subject, ValidityRule

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


# Sessions


# Imports


# Training taken elsewhere
