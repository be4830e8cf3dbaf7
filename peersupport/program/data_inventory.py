"""What the public page tells of every table: read from what each table says of itself, never written twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model

from peersupport.core.retention import RETENTION_OF_LIBRARIES, RETENTION_WITHOUT_MODEL, Plane, Retention

SEALED = "Sealed: "


class Undeclared(LookupError):
    """A table or a field that does not say why it is there."""


@dataclass(frozen=True)
class Part:
    """One plane, as an officer reads of it."""

    plane: Plane
    title: str
    words: str

    @property
    def says_what_is_sealed(self) -> bool:
        return self.plane in {"support", "statistics"}


@dataclass(frozen=True)
class Column:
    name: str
    reason: str

    @property
    def is_sealed(self) -> bool:
        return self.reason.startswith(SEALED)

    @property
    def words(self) -> str:
        """The reason, without what the page says beside it."""
        found = self.reason.removeprefix(SEALED)
        return found[0].upper() + found[1:]


@dataclass(frozen=True)
class Table:
    name: str
    title: str
    retention: Retention
    columns: tuple[Column, ...]


PARTS = (
    Part(
        "support",
        "When you ask for support",
        "All there is of you, and of what passes among those who are asked. “Sealed” means that neither the database "
        "nor the person who runs it can read it. “In clear” means that whoever has the database can. When the contact "
        "ends, the key is destroyed and the rows are deleted.",
    ),
    Part(
        "statistics",
        "What is counted",
        "No row for a contact, no time, no name. A year is one sealed row of numbers that were altered at random "
        "before the first contact was counted.",
    ),
    Part(
        "team",
        "The people who serve",
        "The team is on record: who applied, was designated and trained, and who did what to these records. "
        "Nothing here is about somebody who asks for support.",
    ),
    Part("program", "The program itself", "Words, settings and lists. They are about nobody who asks for support."),
)


def tables_by_part() -> list[tuple[Part, list[Table]]]:
    """Every table of the database, by plane. Raises Undeclared where one does not say what it keeps."""
    rooms = reversed(list(apps.get_app_configs()))  # what an officer meets first stands on top of all others
    models = [model for room in rooms for model in room.get_models(include_auto_created=True)]
    tables = [*map(_of_model, models), *_without_model()]
    return [(part, [table for table in tables if table.retention.plane == part.plane]) for part in PARTS]


def _of_model(model: type[Model]) -> Table:
    options = model._meta
    # Its own, never an inherited one: a table speaks for itself.
    retention = model.__dict__.get("retention") or RETENTION_OF_LIBRARIES.get(options.label)
    if retention is None:
        raise Undeclared(f"{options.label} does not say what it keeps.")
    columns = {field.name: str(field.column) for field in options.concrete_fields}
    if set(columns) != set(retention.fields):
        raise Undeclared(f"{options.label} declares {sorted(retention.fields)} and has {sorted(columns)}.")
    return _table(options.db_table, retention.title or str(options.verbose_name), retention, columns)


def _without_model() -> Iterator[Table]:
    for name, retention in RETENTION_WITHOUT_MODEL.items():
        title = retention.title or name.removeprefix("django_").replace("_", " ")
        yield _table(name, title, retention, {field: field for field in retention.fields})


def _table(name: str, title: str, retention: Retention, columns: Mapping[str, str]) -> Table:
    found = tuple(Column(column, retention.fields[field]) for field, column in columns.items())
    return Table(name, title[0].upper() + title[1:], retention, found)
