"""The same on PostgreSQL, by its own tools."""

import re
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest

from operations.upgrade import installed, postgresql_copy
from peersupport.sealing import installation
from peersupport.settings import home as homes
from tests import services

from .conftest import Program

pytestmark = pytest.mark.sqlite_only  # it starts a PostgreSQL of its own
DATABASE, TEMPLATE = "home", "template_of_home"


@pytest.fixture(scope="module")
def server(postgresql_url: str) -> str:
    """The folder of its socket."""
    return "/" + postgresql_url.partition("@//")[2].rpartition("/")[0]


def run_sql(server: str, statement: str) -> None:
    with psycopg.connect(host=server, user="tests", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(scope="module")
def template(
    copied_program: Program, current_home: Path, server: str, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A home with nobody in it, and a database with its tables."""
    home = Path(shutil.copytree(current_home, tmp_path_factory.mktemp("template") / "home"))
    for of_the_other_database in ((home / "keyring" / "lasting" / installation.NOTED), *shred_keys(home)):
        of_the_other_database.unlink()
    run_sql(server, f"CREATE DATABASE {TEMPLATE}")
    homes.write(home, {"PEERSUPPORT_DATABASE_URL": f"postgresql://tests@//{server.lstrip('/')}/{TEMPLATE}"})
    copied_program.remove_migration()
    done = copied_program.upgrade(home)
    assert done.returncode == 0, done.stderr
    return home


def shred_keys(home: Path) -> list[Path]:
    return list((home / "keyring" / "shred").glob("[0-9a-f]*"))


@pytest.fixture
def on_postgresql(template: Path, server: str, tmp_path: Path) -> Path:
    """A home whose tables are there."""
    home = Path(shutil.copytree(template, tmp_path / "home"))
    run_sql(server, f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    run_sql(server, f"CREATE DATABASE {DATABASE} TEMPLATE {TEMPLATE}")
    homes.write(home, {"PEERSUPPORT_DATABASE_URL": f"postgresql://tests@//{server.lstrip('/')}/{DATABASE}"})
    return home


def content(server: str) -> str:
    """But for what a newer pg_dump marks its scripts with, and how a condition's casts are written."""
    pg_dump = services.find("pg_dump", services.NEEDS_POSTGRESQL)
    command = [pg_dump, "-h", server, "-U", "tests", DATABASE]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = "\n".join(line for line in said.splitlines() if "restrict" not in line)
    return re.sub(r"::(?:character varying|text)(?:\[\])?|[()]", "", lines)


def test_what_fails_or_is_killed_goes_back_whole(program: Program, on_postgresql: Path, server: str) -> None:
    before = content(server)
    assert "CREATE FUNCTION" in before and "CREATE TRIGGER" in before, "the audit is append-only"
    program.add_migration("raise ValueError")
    failed = program.upgrade(on_postgresql)
    assert failed.returncode == 2
    assert "The step “migrations” failed" in failed.stderr
    assert content(server) == before

    program.add_migration()
    program.killed_upgrade(on_postgresql, "operations.upgrade.installed:record")
    assert "sample_of_an_upgrade" in content(server)
    assert {path.stat().st_mode & 0o777 for path in (on_postgresql / "before-upgrade" / "whole").iterdir()} == {0o600}
    program.remove_migration()
    done = program.upgrade(on_postgresql)
    assert done.returncode == 0, done.stderr
    assert content(server) == before
    assert not (on_postgresql / "before-upgrade").exists()


def test_it_runs_beside_no_other_process(program: Program, on_postgresql: Path, server: str) -> None:
    program.add_migration()
    with psycopg.connect(host=server, user="tests", dbname=DATABASE):
        done = program.upgrade(on_postgresql)
    assert (done.returncode, done.stderr) == (
        2,
        "1 other connections use this database. Stop web and worker processes on all hosts first. To upgrade one host "
        "after another, see docs/guide/many-machines.md.\n",
    )


def test_it_says_which_tools_are_missing(program: Program, on_postgresql: Path, tmp_path: Path) -> None:
    program.add_migration()
    tools = program.root / "operations" / "upgrade" / "postgresql_copy.py"
    as_it_was = tools.read_text()
    tools.write_text(as_it_was.replace(str(postgresql_copy.DEBIAN), str(tmp_path)))
    try:
        done = program.upgrade(on_postgresql, PATH=str(tmp_path))
    finally:
        tools.write_text(as_it_was)
    assert done.returncode == 2
    assert "Install them: apt-get install postgresql-client-" in done.stderr.splitlines()[-1]
    assert not (on_postgresql / "before-upgrade").exists()


@pytest.mark.fault(
    "Upgrade", "Hosts are upgraded one after another",
    people="Nothing: the hosts before and after it answer meanwhile.",
    heals="`migrate` on the first host adds what is new; then `upgrade` on each changes no table and copies nothing.",
)  # fmt: skip
def test_with_no_table_to_change_it_runs_beside_other_hosts(program: Program, on_postgresql: Path, server: str) -> None:
    (on_postgresql / installed.FILE).unlink()
    with psycopg.connect(host=server, user="tests", dbname=DATABASE):
        done = program.upgrade(on_postgresql)
    assert done.returncode == 0, done.stderr
    assert "checks: done" in done.stdout and "Copied" not in done.stdout
    assert not (on_postgresql / "before-upgrade").exists()
