"""What ways of running on one machine share: data, keys, mail and broker in one folder that the program creates."""

import errno
import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from .base import *


def own_folder(path: Path) -> Path:
    """Create the folder, readable by this user alone; exit with one line if it can't be written."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(path, os.W_OK | os.X_OK):  # and no file as a probe, which two processes would fight over
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        sys.exit(f"Peer Support cannot write to {path}: {error.strerror}. Choose another folder, or change its owner.")
    return path


def secret_in(folder: Path, name: str) -> str:
    """A secret of this installation in a file of its own, created at the first start: of two at once, the first's."""
    file = folder / name
    if not file.exists():
        whole = folder / f".{name}.{secrets.token_hex(8)}"
        whole.touch(mode=0o600)
        whole.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            file.hardlink_to(whole)
        whole.unlink()
    return file.read_text()


def sqlite(path: Path | str) -> dict[str, object]:
    """SQLite with a write-ahead log that waits for locks, survives a crash and overwrites what it deletes."""
    return {
        "ENGINE": "peersupport.core.sqlite",
        "NAME": path,
        # Pages of 8 KB: a request is a row of 98 KB, and each page is written by a call of its own.
        # A thread keeps its connection: SQLite reads the whole schema at each new one. The log is emptied each minute.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA secure_delete=ON; PRAGMA journal_size_limit=0;",
        },
    }


# A server that doesn't answer while connecting, and a host or network that is gone while a connection is open.
GIVEN_UP_ON = {
    "connect_timeout": 5,  # seconds
    "tcp_user_timeout": 10_000,  # milliseconds
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}


def database(url: str) -> dict[str, Any]:
    """What a URL names. A PostgreSQL that accepts and stays silent is given up on, and a thread keeps its connection.

    Whether the connection is still there is asked at the beginning of each request, so a server may be restarted.
    Values go apart from their statement, or they would be in pg_stat_activity, in pg_stat_statements and in the log.
    """
    found: dict[str, Any] = env.db_url_config(url)
    if found["ENGINE"] != "django.db.backends.postgresql":
        return found
    options = {**GIVEN_UP_ON, "server_side_binding": True, **found.get("OPTIONS", {})}
    lasting = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    return {**found, **lasting, "DISABLE_SERVER_SIDE_CURSORS": True, "OPTIONS": options}


def file_broker(folder: Path) -> dict[str, object]:
    """A broker of files in this folder: see peersupport/core/file_broker.py."""
    messages = str(own_folder(folder / "broker"))
    return {
        "polling_interval": 0.2,
        "data_folder_in": messages,
        "data_folder_out": messages,
        "control_folder": str(own_folder(folder / "broker-control")),
    }


FILE_BROKER = "filesystem://localhost"
DEFAULT_FROM_EMAIL = "peer-support@example.org"
