"""What has to be right before anything is started. Each raises Refused with what to do."""

import os
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from peersupport.core.errors import Refused
from peersupport.sealing import host_secret, keyring


def check_home(home: Path) -> None:
    """Nobody else may put files into it: settings, and the sockets of the program, lie there."""
    found = home.stat()
    if found.st_uid != os.geteuid():
        raise Refused(f"{home} belongs to another user than the one that this runs as.")
    if found.st_mode & 0o022:
        raise Refused(f"other users of this machine can write to {home}. Run: chmod go-w {home}")


def check_data() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refused("the database is older than the program. Run upgrade first.")
    connection.close()


def check_keyring() -> None:
    try:
        keyring.shred_ids()
        host_secret.check()
    except host_secret.AnotherHostSecret:
        raise Refused("PEERSUPPORT_HOST_SECRET is not the one that this keyring was used with.") from None
    except (OSError, RuntimeError):
        raise Refused("the keyring can't be read. Is its volume mounted?") from None
