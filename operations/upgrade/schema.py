"""How the tables stand to this program: what is still to be migrated, and what a newer program has migrated."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from peersupport.core.errors import Refused

SHOWN = 3


def pending() -> list[str]:
    """The migrations that are to be applied, in order, such as "training.0003_places"."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def unknown() -> list[str]:
    """The applied migrations that this program does not have: a newer one was here."""
    known = MigrationLoader(None).disk_migrations or {}
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{label}.{name}" for label, name in applied if (label, name) not in known)


def refuse_newer() -> None:
    """Raise Refused where a newer program has changed the tables: this one could damage what it doesn't know."""
    found = unknown()
    if found:
        named = ", ".join(found[:SHOWN]) + (", …" if len(found) > SHOWN else "")
        raise Refused(f"a newer version of Peer Support has changed this database ({named}). Install that one again.")


def refuse_pending() -> None:
    """Raise Refused where this program expects tables that are not there yet."""
    found = pending()
    if found:
        raise Refused(f"the database needs {len(found)} migrations for this version. Run `upgrade` first.")
