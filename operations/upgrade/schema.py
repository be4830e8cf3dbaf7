"""How the tables stand to this program: what is still to be migrated, and what a newer program has migrated."""

from collections.abc import Iterable, Sized

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from peersupport.core.errors import Refused
from peersupport.sealing import installation, keyring

SHOWN = 3


def pending(alias: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The migrations that are to be applied, in order, such as "training.0003_places"."""
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def unknown(applied: Iterable[tuple[str, str]] | None = None) -> list[str]:
    """The applied migrations that this program does not have: a newer one was here.

    applied: app and name of each; those of the program's database if it isn't given.
    """
    known = MigrationLoader(None).disk_migrations or {}
    found = MigrationRecorder(connections[DEFAULT_DB_ALIAS]).applied_migrations() if applied is None else applied
    return sorted(f"{label}.{name}" for label, name in found if (label, name) not in known)


def counted(migrations: Sized) -> str:
    return "1 migration" if len(migrations) == 1 else f"{len(migrations)} migrations"


def refuse_newer() -> None:
    """Raise Refused where a newer program has changed the tables: this one could damage what it doesn't know."""
    found = unknown()
    if found:
        named = ", ".join(found[:SHOWN]) + (", …" if len(found) > SHOWN else "")
        raise Refused(f"a newer version of Peer Support has changed this database ({named}). Install it here.")


def is_emptied() -> bool:
    """Whether no table is there though the keyring was used: what belongs to it is somewhere else."""
    try:
        was_used = keyring.has_lasting(installation.NOTED)
    except OSError:  # not made yet, or not mounted, which others say
        return False
    return was_used and not MigrationRecorder(connection).applied_migrations()


def refuse_emptied() -> None:
    """Raise Refused where making the tables would end in a database that the keyring doesn't belong to."""
    if is_emptied():
        raise Refused(
            "this database is empty, but the keyring was used before: restore a backup, or correct "
            "PEERSUPPORT_DATABASE_URL."
        )


def refuse_pending(remedy: str = "Run `upgrade` first.") -> None:
    """Raise Refused where this program expects tables that are not there yet."""
    found = pending()
    if found:
        raise Refused(f"the database needs {counted(found)} for this version. {remedy}")
