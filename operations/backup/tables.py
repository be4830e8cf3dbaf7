"""Which tables a backup has, by their own declarations, and how their rows go from one database to another."""

from collections.abc import Iterable, Mapping

from django.apps import apps
from django.db import connections
from django.db.models import AutoField, Model, QuerySet

from peersupport.core.retention import Retention, declared_for

AT_ONCE = 500  # rows
Models = list[type[Model]]


def all_models() -> Models:
    """Every model with a table."""
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def backed_up() -> Models:
    """What a backup has."""
    return [model for model in all_models() if retention_of(model).is_in_backup]


def ended_by_restore() -> Models:
    """What of the team and the program no backup has: it belongs to rows that a restore replaces."""
    framework = {"auth", "contenttypes"}
    return [
        model
        for model in all_models()
        if retention_of(model).plane in {"team", "program"}
        and not retention_of(model).is_in_backup
        and model._meta.app_label not in framework
    ]


def retention_of(model: type[Model]) -> Retention:
    retention = declared_for(model)
    if retention is None:
        raise LookupError(f"{model._meta.label} does not say what it keeps.")
    return retention


def rows_for_backup(model: type[Model], alias: str) -> QuerySet[Model]:
    """The rows of a table that a backup has."""
    return model._base_manager.using(alias).filter(**retention_of(model).rows_in_backup)


def copy_rows(models: Iterable[type[Model]], source: str, target: str) -> int:
    """Copy all rows for backup of these tables, their numbers too; returns how many. Needs a transaction on both.

    In any order: both databases look at references when the transaction ends.
    """
    copied = 0
    for model in models:
        copied += insert(rows_for_backup(model, source).order_by("pk").iterator(chunk_size=AT_ONCE), model, target)
    return copied


def insert(rows: Iterable[Model], model: type[Model], target: str) -> int:
    copied, batch = 0, []
    for row in rows:
        batch.append(row)
        if len(batch) == AT_ONCE:
            copied += len(model._base_manager.using(target).bulk_create(batch))
            batch = []
    return copied + len(model._base_manager.using(target).bulk_create(batch))


def empty(models: Iterable[type[Model]], alias: str) -> None:
    """Delete all rows of these tables, without looking at what refers to them."""
    for model in models:
        model._base_manager.using(alias).all()._raw_delete(alias)


# How far a table's numbers have gone. A number that was given once is never given again, even after its row is gone:
# somebody's number may be sealed in a request, or stand in the audit.


def numbers_given(models: Iterable[type[Model]], alias: str) -> dict[str, int]:
    """By table, the highest number that it has given so far."""
    numbered = {model._meta.db_table: model for model in models if isinstance(model._meta.pk, AutoField)}
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            return {name: number for name, number in cursor.fetchall() if name in numbered}
        given: dict[str, int] = {}
        for table, model in numbered.items():
            cursor.execute("SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s))", [*_quoted(model)])
            (number,) = cursor.fetchone()
            given |= {table: number} if number else {}
        return given


def go_on_after(given: Mapping[str, int], models: Iterable[type[Model]], alias: str) -> None:
    """Let no table give a number again that was given, here or there."""
    connection = connections[alias]
    here = numbers_given(models, alias)
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            last = max(given.get(table, 0), here.get(table, 0), _highest(model, alias))
            if not isinstance(model._meta.pk, AutoField) or last == here.get(table, 0):
                continue
            if connection.vendor == "postgresql":
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [*_quoted(model), last])
            elif table in here:
                cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last, table])
            else:
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def _highest(model: type[Model], alias: str) -> int:
    last = model._base_manager.using(alias).order_by("-pk").values_list("pk", flat=True).first()
    return last if isinstance(last, int) else 0


def _quoted(model: type[Model]) -> tuple[str, str]:
    return f'"{model._meta.db_table}"', str(model._meta.pk.column)
