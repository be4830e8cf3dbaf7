"""Every table and column for the public page of what is kept, read from the models' own retention declarations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext_lazy

from peersupport.core.retention import (
    RETENTION_OF_LIBRARIES,
    RETENTION_WITHOUT_MODEL,
    SEALED_PREFIX,
    Plane,
    Retention,
)


class Undeclared(LookupError):
    """A table or a field without a retention declaration."""


@dataclass(frozen=True)
class Section:
    """One plane, as the page introduces it."""

    plane: Plane
    title: str
    lead: str

    @property
    def says_what_is_sealed(self) -> bool:
        return self.plane in {"support", "statistics"}


@dataclass(frozen=True)
class Column:
    name: str
    reason: str

    @property
    def is_sealed(self) -> bool:
        return self.reason.startswith(SEALED_PREFIX)

    @property
    def text(self) -> str:
        """The reason without its prefix: the page shows a badge instead."""
        text = self.reason.removeprefix(SEALED_PREFIX)
        return text[0].upper() + text[1:]


@dataclass(frozen=True)
class Table:
    name: str
    title: str
    retention: Retention
    columns: tuple[Column, ...]


SECTIONS = (
    Section(
        "support",
        gettext_lazy("When you ask for support"),
        gettext_lazy(
            "All there is of you, and of what passes among those who are asked. “Sealed” means that neither the database "
            "nor the person who runs it can read it. “In clear” means that whoever has the database can. When the contact "
            "ends, the key is destroyed and the rows are deleted."
        ),
    ),
    Section(
        "statistics",
        gettext_lazy("What is counted"),
        gettext_lazy(
            "No row for a contact, no time, no name. A year is one sealed row of numbers that were altered at random "
            "before the first contact was counted."
        ),
    ),
    Section(
        "team",
        gettext_lazy("The people who serve"),
        gettext_lazy(
            "The team is on record: who applied, was designated and trained, and who did what to these records. "
            "Nothing here is about somebody who asks for support."
        ),
    ),
    Section(
        "program",
        gettext_lazy("The program itself"),
        gettext_lazy("Words, settings and lists. They are about nobody who asks for support."),
    ),
)


def tables_by_section() -> list[tuple[Section, list[Table]]]:
    """Every table of the database, by section. Raises Undeclared."""
    configs = reversed(list(apps.get_app_configs()))  # the apps on top first: those that officers meet
    models = [model for config in configs for model in config.get_models(include_auto_created=True)]
    tables = [*map(_table_of, models), *_tables_without_model()]
    return [(section, [table for table in tables if table.retention.plane == section.plane]) for section in SECTIONS]


def _table_of(model: type[Model]) -> Table:
    options = model._meta
    # From __dict__: a declaration inherited from another model says nothing about this table.
    retention = model.__dict__.get("retention") or RETENTION_OF_LIBRARIES.get(options.label)
    if retention is None:
        raise Undeclared(f"{options.label} does not say what it keeps.")
    columns = {field.name: str(field.column) for field in options.concrete_fields}
    if set(columns) != set(retention.fields):
        raise Undeclared(f"{options.label} declares {sorted(retention.fields)} and has {sorted(columns)}.")
    return _table(options.db_table, retention.title or str(options.verbose_name), retention, columns)


def _tables_without_model() -> Iterator[Table]:
    for name, retention in RETENTION_WITHOUT_MODEL.items():
        title = retention.title or name.removeprefix("django_").replace("_", " ")
        yield _table(name, title, retention, {field: field for field in retention.fields})


def _table(name: str, title: str, retention: Retention, columns: Mapping[str, str]) -> Table:
    fields = tuple(Column(column, retention.fields[field]) for field, column in columns.items())
    return Table(name, title[0].upper() + title[1:], retention, fields)
