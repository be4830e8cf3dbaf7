"""The rows of a backup take the place of those that are here, but for what has to go on. One transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Model
from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.audit import actions as audit
from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.notices.models import Notice
from peersupport.sealing import actions as sealing
from peersupport.sealing.models import KeyToDestroy
from peersupport.team.models import Member, MemberKey, User
from requests_app.models import MatchingPreferences
from stats import actions as stats_actions
from stats import queries as stats_queries
from stats.models import StatsReport, StatsYear

from . import tables

HERE = DEFAULT_DB_ALIAS


@dataclass(frozen=True)
class Replaced:
    """former: people who came since and stand in the audit. unverified: member keys that don't verify here.

    is_audit_cut: the audit since the backup is lost, and was noted outside the database.
    """

    rows: int
    former: int
    unverified: int
    opened_year: int | None
    is_audit_cut: bool


def check_is_ours(copy: str, *, is_copy: bool) -> None:
    """The audit is never changed: what stands in both is the same. Raises Refused where it isn't.

    is_copy: this home is another installation than the one of the backup, and was made of it.
    """
    for model in _audit():
        here, there = _by_number(model, HERE), _by_number(model, copy)
        common = here.keys() & there.keys()
        if (here and there and not common) or any(here[number] != there[number] for number in common):
            raise Refused(
                "this home was restored from another backup of that installation, and has gone on by itself since. "
                "Restore this one into a new, empty folder."
                if is_copy
                else "this backup is of another installation: its audit is not the one of this home."
            )


def replace_rows(copy: str, numbers: Mapping[str, int], *, is_new: bool) -> Replaced:
    """copy: alias of the backup's rows. numbers: by table, how far they had gone there. is_new: nothing is here."""
    added_to = _added_to()
    newer_here: tables.Models = [*_audit(), StatsReport]
    replaced = [model for model in tables.backed_up() if model not in added_to]
    with transaction.atomic(using=HERE), transaction.atomic(using=copy):
        given_here = tables.numbers_given(tables.all_models(), HERE)
        former = _people_since(copy)
        tables.empty([*replaced, *tables.ended_by_restore()], HERE)
        rows = tables.copy_rows(replaced, copy, HERE)
        tables.insert(former, User, HERE)
        rows += sum(_add_missing(model, copy) for model in newer_here)
        if is_new:
            sealing.note_anew()
        _end_what_lost_its_person()
        tables.go_on_after(_higher(numbers, given_here), tables.all_models(), HERE)
        is_audit_cut = audit.record_restore(from_backup=copy if is_new else "")
        return Replaced(rows, len(former), _unverified_keys(), _open_year_anew(), is_audit_cut)


def _audit() -> tables.Models:
    return [model for model in tables.backed_up() if model._meta.app_label == Entry._meta.app_label]


def _added_to() -> tables.Models:
    """Where what is here stays: the audit and reports, which are newer, and which keyring belongs to this database."""
    of_keyring = [model for model in tables.backed_up() if model._meta.app_label == KeyToDestroy._meta.app_label]
    return [*_audit(), *of_keyring, StatsReport]


def _by_number(model: type[Model], alias: str) -> dict[Any, tuple[Any, ...]]:
    columns = [field.attname for field in model._meta.concrete_fields]
    return {row[0]: _comparable(row[1:]) for row in model._base_manager.using(alias).values_list("pk", *columns)}


def _comparable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


def _people_since(copy: str) -> list[User]:
    """People the backup doesn't know, whom the audit here names: kept by name, without any power."""
    there = User.objects.using(copy)
    known, addresses = set(there.values_list("pk", flat=True)), set(there.values_list("email", flat=True))
    named = set(Entry.objects.using(HERE).exclude(by=None).values_list("by_id", flat=True)) - known
    people = list(User.objects.using(HERE).filter(pk__in=named))
    for user in people:
        user.is_active = False
        for role in Role:
            setattr(user, f"is_{role.value}", False)
        user.set_unusable_password()
        if user.email in addresses:
            user.email = f"former-{user.pk}@invalid"
    return people


def _add_missing(model: type[Model], copy: str) -> int:
    """Rows of the backup that aren't here; what is here is newer and stays."""
    here = set(model._base_manager.using(HERE).values_list("pk", flat=True))
    if model is StatsReport:
        here |= set(StatsYear.objects.using(HERE).values_list("pk", flat=True))
    rows = tables.rows_for_backup(model, copy).order_by("pk").iterator(chunk_size=tables.AT_ONCE)
    return tables.insert((row for row in rows if row.pk not in here), model, HERE)


def _end_what_lost_its_person() -> None:
    """Of the support plane only what is about a person who is gone. Requests go on to the next peer by the sweep."""
    MatchingPreferences.objects.exclude(member__in=Member.objects.values("pk"))._raw_delete(HERE)
    Notice.objects.exclude(recipient__in=User.objects.filter(is_active=True).values("pk"))._raw_delete(HERE)


def _higher(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {table: max(one.get(table, 0), other.get(table, 0)) for table in one.keys() | other.keys()}


def _unverified_keys() -> int:
    confirmed = MemberKey.objects.filter(is_retired=False, confirmed_on__isnull=False).select_related("member")
    return sum(not key.is_verified for key in confirmed)


def _open_year_anew() -> int | None:
    """No backup has an open year: where none is left, count from now on, and say that a part is missing."""
    year = stats_queries.current_period(timezone.localdate()).year
    is_closed = StatsReport.objects.filter(year__gte=year).exists()
    if is_closed or StatsYear.objects.filter(year=year).exists():
        return None
    stats_actions.open_year(year=year, is_partial=True)
    return year
