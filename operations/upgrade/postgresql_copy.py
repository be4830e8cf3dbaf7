"""A copy of a PostgreSQL database by PostgreSQL's own tools, and the way back in one transaction."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from peersupport.core.errors import Refused

from . import connected, table_owner

NAME, SCRIPT = "database.dump", "database.sql"
TOOLS = ("pg_dump", "pg_restore", "psql")
DEBIAN = Path("/usr/lib/postgresql")
# Newer tools write this line for servers that don't know it yet.
SET_OF_17, FIRST_WITH_IT = b"SET transaction_timeout = 0;\n", 17
EMPTY_SCHEMA = """
DO $$ DECLARE what record; BEGIN
  FOR what IN
    SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
           ELSE 'TABLE' END AS kind, oid::regclass AS name
    FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
    AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    ORDER BY relkind = 'S'  -- most go with the table that they number
  LOOP
    IF to_regclass(what.name::text) IS NOT NULL THEN EXECUTE format('DROP %s %s CASCADE', what.kind, what.name); END IF;
  END LOOP;
  FOR what IN
    SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
  LOOP EXECUTE format('DROP ROUTINE %s CASCADE', what.name); END LOOP;
END $$
"""


def room_needed() -> int:
    """Bytes. The copy is compressed, and the script of the way back is not."""
    return int(_one("SELECT pg_database_size(current_database())"))


def check_possible() -> None:
    """Raise Refused where the tools are missing or too old, the tables are another role's, or others have it open."""
    connected.refuse_others()
    _tools()
    table_owner.refuse_foreign("after the upgrade")


def save(folder: Path) -> None:
    file = folder / NAME
    file.touch(mode=0o600)
    _run("pg_dump", "--format=custom", "--no-owner", "--file", str(file))


def put_back(folder: Path) -> None:
    """The schema is emptied and filled in one transaction: one that is killed in it leaves what was there before it."""
    script, schema, server = folder / SCRIPT, str(_one("SELECT current_schema()")), _server_version()
    connection.close()  # or it would be in the way of the lock on its tables
    script.touch(mode=0o600)
    # Whole on the disk before anything is dropped: half a script would be committed as well.
    command = [str(_tools() / "pg_restore"), "--schema", schema, "--no-owner", "--file", "-", str(folder / NAME)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as restoring, script.open("wb") as out:
        assert restoring.stdout is not None  # noqa: S101  # it is a pipe
        skipped = SET_OF_17 if server < FIRST_WITH_IT else None
        out.writelines(line for line in restoring.stdout if line != skipped)
    if restoring.returncode:
        raise subprocess.CalledProcessError(restoring.returncode, "pg_restore")
    # Its errors in codes: a sentence would quote a row.
    _run(
        "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1",
        "--set", "VERBOSITY=sqlstate", "--output", os.devnull, "--command", EMPTY_SCHEMA, "--file", str(script),
    )  # fmt: skip
    script.unlink()


def _run(tool: str, *arguments: str) -> None:
    """With the database's address, and its password in the environment, where no list of processes shows it."""
    (_, *address), environment = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    command = [str(_tools() / tool), *arguments, *address]
    subprocess.run(command, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL, check=True)


def _tools() -> Path:
    """The folder of tools that are as new as the server. Raises Refused."""
    server = _server_version()
    for folder in _folders(server):
        if all((folder / tool).is_file() for tool in TOOLS) and _version(folder / "pg_dump") >= server:
            return folder
    raise Refused(
        f"the copy needs PostgreSQL's own tools of version {server} or newer. Install them: "
        f"apt-get install postgresql-client-{server}"
    )


def _folders(server: int) -> Iterator[Path]:
    """Where they may be: first those of the server's own version."""
    yield DEBIAN / str(server) / "bin"
    found = shutil.which("pg_dump")
    if found:
        yield Path(found).parent
    yield from sorted(DEBIAN.glob("*/bin"), reverse=True)


def _server_version() -> int:
    return int(_one("SHOW server_version_num")) // 10000


def _version(pg_dump: Path) -> int:
    said = subprocess.run([str(pg_dump), "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def _one(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
