"""Every table and column for the public page of what is kept, read from the models' own retention declarations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext_lazy

from peersupport.core.retention import RETENTION_WITHOUT_MODEL, Plane, Retention, Sealed, declared_for

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    Declared = StrOrPromise | Sealed


class UndeclaredError(LookupError):
    """A table or a field without a retention declaration."""


@dataclass(frozen=True)
class Section:
    """One plane, as the page introduces it."""

    plane: Plane
    title: "StrOrPromise"
    lead: "StrOrPromise"

    @property
    def says_what_is_sealed(self) -> bool:
        return self.plane in {"support", "statistics"}


@dataclass(frozen=True)
class Column:
    name: str
    reason: str
    is_sealed: bool


@dataclass(frozen=True)
class Table:
    name: str
    retention: Retention
    columns: tuple[Column, ...]


SECTIONS = (
    Section(
        "support",
        gettext_lazy("When you ask for support"),
        gettext_lazy(
            "This is everything about you, and everything that passes between the people who are asked. “Sealed” means "
            "that nobody can read it in the database, because the key isn't in there. What you and your peer write, "
            "and what it is about, takes your seven words or a peer's own key as well, so the people who run the "
            "server can't open it. For the rest, “Who sees it” says whether they could. “Not sealed” means that anyone "
            "who has the database can read it. When the contact ends, the key is destroyed and the rows are deleted."
        ),
    ),
    Section(
        "statistics",
        gettext_lazy("What is counted"),
        gettext_lazy(
            "No row for each contact, no time, no name. A year is one sealed row of numbers: its key isn't in the "
            "database. Random noise was added to the numbers before the first contact was counted."
        ),
    ),
    Section(
        "team",
        gettext_lazy("The people who serve"),
        gettext_lazy(
            "The team is on record: who applied, who was designated and trained, and who changed these records. "
            "Nothing here is about anyone who asks for support. “Who sees it” says who reads it in the program. The "
            "people who run the server could read these tables too, but no password and no member's private key."
        ),
    ),
    Section(
        "program",
        gettext_lazy("The program itself"),
        gettext_lazy("Texts, settings and lists. None of this is about anyone who asks for support."),
    ),
)


# In the order of the page, within each section. A table that isn't listed comes after them, by name.
ORDER = (
    "requests_app_request",
    "requests_app_message",
    "requests_app_planekey",
    "requests_app_submittedform",
    "requests_app_arrivalcount",
    "requests_app_pendingtally",
    "requests_app_closingnote",
    "requests_app_consultation",
    "requests_app_matchingpreferences",
    "notices_notice",
    "notices_quiettime",
    "keys_to_destroy",
    "stats_breakdown",
    "stats_year",
    "stats_report",
    "applications_application",
    "applications_move",
    "applications_privatelink",
    "applications_pastoutcome",
    "applications_dailymailcount",
    "applications_interview",
    "applications_interviewtime",
    "applications_reference",
    "applications_review",
    "applications_score",
    "training_subject",
    "training_validityrule",
    "training_requirement",
    "training_record",
    "training_import",
    "training_importrow",
    "training_reminder",
    "training_digest",
    "training_externaltraining",
    "training_session",
    "training_sessionsubject",
    "training_enrollment",
    "training_givensession",
    "incidents_activation",
    "incidents_callout",
    "incidents_groupsession",
    "team_user",
    "team_invitation",
    "team_addresschange",
    "team_queuedmail",
    "team_usedcode",
    "team_tries",
    "team_factorlift",
    "team_weeklyhours",
    "team_shifthandover",
    "team_pause",
    "team_member",
    "team_memberkey",
    "team_agreement",
    "team_termrenewal",
    "team_earlierservice",
    "team_rosterimport",
    "notices_phonealert",
    "audit_entry",
    "audit_link",
    "requests_app_requestsettings",
    "requests_app_telephoneonly",
    "applications_applicationsettings",
    "program_programsettings",
    "program_crisisline",
    "program_programtext",
    "program_crisislinesconfirmation",
    "program_launch",
    "program_launchpaper",
    "program_clockseen",
    "sealing_installation",
    "operations_round",
    "operations_heartbeat",
)


def tables_by_section() -> list[tuple[Section, list[Table]]]:
    """Every table of the database, by section. Raises UndeclaredError."""
    models = apps.get_models(include_auto_created=True)
    tables = sorted([*map(_table_of, models), *_tables_without_model()], key=_place)
    return [(section, [table for table in tables if table.retention.plane == section.plane]) for section in SECTIONS]


def _place(table: Table) -> tuple[int, str]:
    return (ORDER.index(table.name) if table.name in ORDER else len(ORDER)), table.name


def _table_of(model: type[Model]) -> Table:
    options = model._meta
    retention = declared_for(model)
    if retention is None:
        raise UndeclaredError(f"{options.label} does not say what it keeps.")
    columns = {field.name: str(field.column) for field in options.concrete_fields}
    if set(columns) != set(retention.fields):
        raise UndeclaredError(f"{options.label} declares {sorted(retention.fields)} and has {sorted(columns)}.")
    return _table(options.db_table, retention, columns)


def _tables_without_model() -> Iterator[Table]:
    for name, retention in RETENTION_WITHOUT_MODEL.items():
        yield _table(name, retention, {field: field for field in retention.fields})


def _table(name: str, retention: Retention, columns: Mapping[str, str]) -> Table:
    fields = tuple(_column(column, retention.fields[field]) for field, column in columns.items())
    return Table(name, retention, fields)


def _column(name: str, declared: "Declared") -> Column:
    if isinstance(declared, Sealed):
        return Column(name, str(declared.reason), is_sealed=True)
    return Column(name, str(declared), is_sealed=False)
