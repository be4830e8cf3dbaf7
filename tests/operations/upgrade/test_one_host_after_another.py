"""Two hosts that share a database and a keyring: one is brought to the next version while the other serves."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.bench.builds import LOADED, TEAM
from tests.bench.load import LeanClient
from tests.bench.returns import come_back
from tests.bench.submissions import submit
from tests.operations.home import Home
from tests.services import free_port, wait_until

from .conftest import Program

pytestmark = pytest.mark.sqlite_only  # it has a PostgreSQL of its own
DATABASE = "hosts"


@pytest.fixture
def shared(postgresql_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """What the environment of both hosts says."""
    folder = "/" + postgresql_url.partition("@//")[2].rpartition("/")[0]
    with psycopg.connect(host=folder, user="tests", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")
        database = f"postgresql://tests@//{folder.lstrip('/')}/{DATABASE}"
        yield {**LOADED, "PEERSUPPORT_DATABASE_URL": database, "PEERSUPPORT_KEYRING": str(tmp_path / "keyring")}
        connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def sent_to(port: int) -> str:
    with contextlib.closing(LeanClient(port)) as client:
        return submit(client)


def returns_to(port: int, words: str) -> None:
    with contextlib.closing(LeanClient(port)) as client:
        come_back(client, words)


@pytest.mark.fault(
    "Upgrade", "Hosts are brought to the next version one after another, with requests in flight",
    people="Nothing: what was sent to a host of one version opens at a host of the other.",
    heals="`migrate` adds what is new beside the version before; then each host is stopped, upgraded and started.",
)  # fmt: skip
def test_what_one_version_takes_the_other_opens(program: Program, shared: dict[str, str], tmp_path: Path) -> None:
    first, second = Home(tmp_path / "first", **shared), Home(tmp_path / "second", root=program.root, **shared)
    first.make()
    first.run(TEAM)
    second.folder.mkdir(mode=0o700)
    shutil.copy(first.folder / "settings.env", second.folder)
    old, new = free_port(), free_port()
    with first.serve(port=old):
        early = sent_to(old)
        program.add_migration()
        beside = second.manage("upgrade")
        assert beside.returncode == 2 and "Stop web and worker processes on all hosts" in beside.stderr
        migrated = second.manage("migrate", "-v", "0")
        assert migrated.returncode == 0, migrated.stderr
        late = sent_to(old)
        returns_to(old, early)
        upgraded = second.manage("upgrade")
        assert upgraded.returncode == 0, upgraded.stderr
        with second.serve(port=new):
            newest = sent_to(new)
            for words in (early, late):
                returns_to(new, words)
            returns_to(old, newest)
    refused = first.manage("serve")
    assert refused.returncode == 2 and "a newer version of Peer Support has changed this database" in refused.stderr


def test_the_host_secret_is_replaced_only_once_all_hosts_have_stopped_and_has_to_reach_each(
    shared: dict[str, str], tmp_path: Path
) -> None:
    first, second = Home(tmp_path / "first", **shared), Home(tmp_path / "second", **shared)
    first.make()
    first.run(TEAM)
    second.folder.mkdir(mode=0o700)
    shutil.copy(first.folder / "settings.env", second.folder)
    assert second.manage("upgrade").returncode == 0
    with second.serve(port=free_port()) as served:
        words = sent_to(int(served.address.rpartition(":")[2]))
        refused = first.manage("rotate", "host-secret")
        assert refused.returncode == 2 and "Stop web and worker processes on all hosts" in refused.stderr
    done = first.manage("rotate", "host-secret")
    assert done.returncode == 0, done.stderr
    refused = second.manage("serve", "--port", str(free_port()))
    assert refused.returncode == 2 and "PEERSUPPORT_HOST_SECRET is not the one" in refused.stderr
    shutil.copy(first.folder / "settings.env", second.folder)
    port = free_port()
    with second.serve(port=port):
        returns_to(port, words)


def test_a_host_without_visitors_is_seen_and_none_starts_while_another_upgrades(
    program: Program, shared: dict[str, str], postgresql_url: str, tmp_path: Path
) -> None:
    """What it stored meanwhile would be gone if a step failed and the database went back."""
    first, second = Home(tmp_path / "first", **shared), Home(tmp_path / "second", root=program.root, **shared)
    first.make()
    second.folder.mkdir(mode=0o700)
    shutil.copy(first.folder / "settings.env", second.folder)
    folder = "/" + postgresql_url.partition("@//")[2].rpartition("/")[0]
    with (
        psycopg.connect(host=folder, user="tests", dbname="postgres", autocommit=True) as superuser,
        first.serve("--only", "web", port=free_port()),
    ):
        program.add_migration()

        def connected() -> set[tuple[int]]:
            found = superuser.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [DATABASE])
            return set(found.fetchall())

        before = connected()
        superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [DATABASE])
        assert wait_until(lambda: bool(connected() - before), seconds=30), "by itself, without a visitor"
        assert "Stop web and worker processes on all hosts" in second.manage("upgrade").stderr
    second.killed_at("operations.upgrade.local_copy:make", "upgrade")
    refused = first.manage("serve", "--port", str(free_port()))
    assert refused.returncode == 2 and "an upgrade is under way on another host" in refused.stderr
    program.remove_migration()
    done = second.manage("upgrade")
    assert done.returncode == 0, done.stderr
    with first.serve("--only", "web", port=free_port()):
        pass
