"""What the team trains, what it requires of its members, and who is current in what.

Matching reads this: each function takes as many queries for one member as for five hundred.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from django.db import connection
from django.db.models import Case, Count, IntegerField, Manager, Max, Q, QuerySet, Value, When

from ..domain.hours import HoursRequirement
from ..domain.validity import is_current, rule_on
from ..models import Record, Requirement, Subject, ValidityRule

Completions = dict[tuple[int, str], list[tuple[date, int | None]]]
RecordsAsked = Manager[Record] | QuerySet[Record]
LastDays = tuple[tuple[date, int | None], ...]  # what one member's completions of one subject are


def current_subjects(today: date) -> dict[int, frozenset[str]]:
    """For each member with any record: the codes of the subjects they are current in today."""
    records, current = LastCompletions(), defaultdict[int, set[str]](set)
    codes: dict[tuple[object, ...], str] = {}  # empty where it isn't enough; a team trains together, on the same days
    for member_id, subject_id, *days in records.rows(Record.objects, today):
        alike = (subject_id, *days)
        if alike not in codes:
            is_enough = any(is_current(*each, today) for each in records.completed(subject_id, days))
            codes[alike] = records.code_of(subject_id) if is_enough else ""
        if code := codes[alike]:
            current[member_id].add(code)
    return {member_id: frozenset(held) for member_id, held in current.items()}


def required_by_concern() -> dict[str, frozenset[str]]:
    """For each concern that requires any: the codes of the subjects that a peer must be current in to be offered it."""
    required: dict[str, set[str]] = defaultdict(set)
    for code, concerns in Subject.objects.filter(is_retired=False).values_list("code", "required_for"):
        for concern in concerns:
            required[concern].add(code)
    return {concern: frozenset(codes) for concern, codes in required.items()}


def last_completions(today: date, *, members: Iterable[int] | None = None) -> Completions:
    """By member and subject code: for each validity rule the last day of completion, with the months of that rule.

    Under one rule the last day lasts longest, so earlier ones don't matter. members: only of these, by number.
    """
    rules = list(ValidityRule.objects.select_related("subject").order_by("subject_id", "-applies_from"))
    earliest = {rule.subject_id: rule for rule in rules}
    later = [rule for rule in rules if rule is not earliest[rule.subject_id]]
    records = Record.objects.filter(completed_on__lte=today).order_by()
    if members is not None:
        records = records.filter(member_id__in=list(members))
    months = {rule.pk: rule.valid_months for rule in rules}
    completed: Completions = defaultdict(list)
    latest = (
        records.annotate(rule=_rule_of_the_day(later))
        .values_list("member_id", "subject_id", "rule")
        .annotate(last=Max("completed_on"))
    )
    for member_id, subject_id, rule, last in latest:
        first = earliest[subject_id]
        completed[member_id, first.subject.code].append((last, months[rule or first.pk]))
    return dict(completed)


def counted_completions(today: date, *, of: Collection[int]) -> dict[str, Counter[LastDays]]:
    """By subject code: how many of these members, by number, completed it last on these days; the database counts them.

    The days are as in `last_completions`. Who never completed a subject is not counted in it.
    """
    if not of:
        return {}
    records, counted = LastCompletions(), defaultdict[str, Counter[LastDays]](Counter)
    of_these = Record.objects.filter(member__in=of)
    for subject_id, *days, members_alike in records.counted(of_these, today):
        counted[records.code_of(subject_id)][records.completed(subject_id, days)] += members_alike
    return counted


class LastCompletions:
    """For each member and subject, the last day under each rule, as the database finds them: a row for each pair."""

    def __init__(self) -> None:
        self._rules: dict[int, list[ValidityRule]] = defaultdict(list)  # by subject, the earliest first
        for rule in ValidityRule.objects.select_related("subject").order_by("subject_id", "applies_from"):
            self._rules[rule.subject_id].append(rule)
        turns = list(zip_longest(*self._rules.values()))  # the first rule of each subject, the second, and so on
        self._later = [rule for turn in turns[:0:-1] for rule in turn if rule is not None]
        self._lasts = {"last_0": Max("completed_on", filter=Q(rule=0))}
        for number, turn in enumerate(turns[1:], start=1):
            self._lasts[f"last_{number}"] = Max("completed_on", filter=Q(rule__in=[rule.pk for rule in turn if rule]))

    def rows(self, records: RecordsAsked, today: date) -> list[tuple[Any, ...]]:
        """Member, subject, and the last day under the first rule of the subject, the second, and so on."""
        sql, parameters = self._sql(records, today)
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def counted(self, records: RecordsAsked, today: date) -> list[tuple[Any, ...]]:
        """The same for all who have the same days: subject, days, and how many they are."""
        sql, parameters = self._sql(records, today)
        columns = ", ".join(["subject_id", *self._lasts])
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {columns}, COUNT(*) FROM ({sql}) AS members GROUP BY {columns}",  # noqa: S608  # nosec B608
                parameters,
            )
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def completed(self, subject_id: int, days: Iterable[date | str | None]) -> LastDays:
        """Each last day with the months of its rule."""
        last_days = zip(map(_day, days), self._rules[subject_id], strict=False)
        return tuple((day, rule.valid_months) for day, rule in last_days if day is not None)

    def code_of(self, subject_id: int) -> str:
        return self._rules[subject_id][0].subject.code

    def _sql(self, records: RecordsAsked, today: date) -> tuple[str, tuple[Any, ...]]:
        by_today = records.filter(completed_on__lte=today).order_by()
        ruled = by_today.alias(rule=_rule_of_the_day(self._later))
        return ruled.values("member_id", "subject_id").annotate(**self._lasts).query.sql_with_params()


def _day(stored: date | str | None) -> date | None:
    """SQLite has no type for days."""
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


def _rule_of_the_day(later: list[ValidityRule]) -> Case | Value:
    """As an expression: the number of the rule under which a record falls, 0 for its subject's first rule.

    later: all other rules, newest first.
    """
    if not later:
        return Value(0, output_field=IntegerField())
    cases = [When(subject_id=r.subject_id, completed_on__gte=r.applies_from, then=Value(r.pk)) for r in later]
    return Case(*cases, default=Value(0), output_field=IntegerField())


@dataclass(frozen=True)
class SubjectOverview:
    """A subject with the validity rule of today, the next rule if one is set already, and its number of records."""

    subject: Subject
    rule: ValidityRule
    next_rule: ValidityRule | None
    records: int


def subjects_in_use() -> list[Subject]:
    return list(Subject.objects.filter(is_retired=False))


def all_subjects(today: date) -> list[SubjectOverview]:
    """Those in use first."""
    subjects = Subject.objects.order_by("is_retired", "id").annotate(record_count=Count("records"))
    return [_overview(subject, today, subject.record_count) for subject in subjects.prefetch_related("rules")]


def subject_by_code(code: str) -> Subject | None:
    return Subject.objects.filter(code=code).first()


def validity_rules(subject: Subject) -> list[ValidityRule]:
    """Newest first."""
    return list(subject.rules.order_by("-applies_from"))


def requirements() -> list[Requirement]:
    """What is required of members, the newest requirement first."""
    return list(Requirement.objects.order_by("-applies_from"))


def hours_requirements() -> list[HoursRequirement]:
    """The same for the calculations in domain, in no particular order."""
    names = ("applies_from", "initial_hours", "initial_months", "continuing_hours")
    return [HoursRequirement(**{name: getattr(row, name) for name in names}) for row in Requirement.objects.all()]


def _overview(subject: Subject, today: date, records: int) -> SubjectOverview:
    rules = list(subject.rules.all())
    coming = [rule for rule in rules if rule.applies_from > today]
    return SubjectOverview(subject, rule_on(rules, today), coming[0] if coming else None, records)
