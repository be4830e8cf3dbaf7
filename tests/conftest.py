"""Fixtures for every test: its own keyring, the named cast, and PostgreSQL and Redis where they are installed."""

import gc
import json
import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.db import connection
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

from peersupport.program import queries as program
from peersupport.program.models import CrisisLinesConfirmation, Launch
from peersupport.sealing import envelope, keyring
from tests import services

from .audit_triggers import *  # noqa: F403
from .cast import *  # noqa: F403
from .demo_template import *  # noqa: F403
from .inbox import *  # noqa: F403
from .operations.home import *  # noqa: F403
from .recorded_acts import *  # noqa: F403

ON_POSTGRESQL = bool(os.environ.get(services.DATABASE))
# Where every service must be installed (CI), a skipped test is a failed one.
REQUIRE_SERVICES = bool(os.environ.get("PEERSUPPORT_REQUIRE_SERVICES"))
# Long ones first, so that none of the workers ends up alone with one of them.
LONGEST_FIRST = ("test_again_on_postgresql.py", "journeys", "operations", "notices")
TESTS = Path(__file__).parent
# Rows that Django creates after the migrations for its admin site, which isn't mounted: hundreds of them.
ADMIN_SITE_ROWS = {"auth.permission", "contenttypes.contenttype"}
IN_MEMORY = Path("/dev/shm")  # syncing each key to a real disk would slow the tests down
collect_ignore = ["access", "journeys"] if ON_POSTGRESQL else []
# Long tests of pages, files and keys more than of rows: on SQLite alone.
ON_SQLITE_ALONE = {
    "applications/test_application_list.py",
    "applications/test_names.py",
    "dashboard/test_audit.py",
    "dashboard/test_home.py",
    "dashboard/test_rail.py",
    "incidents/test_pages.py",
    "operations/doctor/test_arrival.py",
    "program/test_public_pages.py",
    "requests_app/canary/test_refusing.py",
    "requests_app/test_accept_on_a_shift.py",
    "requests_app/test_damage.py",
    "requests_app/test_exclusions.py",
    "requests_app/test_forgers.py",
    "requests_app/test_inference.py",
    "requests_app/test_lengths.py",
    "requests_app/test_old_copy.py",
    "requests_app/test_stale_pages.py",
    "requests_app/test_visits.py",
    "requests_app/test_what_asking_tells.py",
    "stats/test_audiences.py",
    "stats/test_pages.py",
    "team/second_factor/test_adding.py",
    "team/test_asking_again.py",
    "team/test_session_ends.py",
    "team/test_throttling.py",
    "training/test_documents.py",
    "training/test_external_training.py",
    "training/test_pages.py",
}
assert all((TESTS / name).is_file() for name in ON_SQLITE_ALONE), "a test was moved: change its name here too"


def need(start: Any) -> Iterator[Any]:
    """Start the service for as long as it is used; skip the test if it isn't installed on this machine."""
    try:
        with start() as address:
            yield address
    except services.Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    yield from need(services.postgresql)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    yield from need(services.redis)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The program is launched in every test; tests/dashboard/test_launch.py starts before that."""
    with django_db_blocker.unblock():
        Launch.objects.create(pk=1, launched_on="2026-01-01")
        CrisisLinesConfirmation.objects.create(
            pk=1, confirmed_on="2026-01-01", lines_digest=program.crisis_lines_digest()
        )
        rows = json.loads(connection.creation.serialize_db_to_string())
        rows = [row for row in rows if row["model"] not in ADMIN_SITE_ROWS]
        connection._test_serialized_contents = json.dumps(rows)


# Slow on purpose where a password protects a key; in the tests every sign-in would pay for it.
PASSWORD_MEMORY_KIB = envelope.PASSWORD_MEMORY_KIB
envelope.PASSWORD_MEMORY_KIB = 64


# The benches measure how long an example takes.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


@pytest.fixture
def slow_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive keys from passwords with as much memory as outside the tests."""
    monkeypatch.setattr(envelope, "PASSWORD_MEMORY_KIB", PASSWORD_MEMORY_KIB)


@pytest.fixture(autouse=True)
def own_keyring(settings: Any, tmp_path: Path) -> Iterator[Path]:
    with TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else tmp_path) as folder:
        settings.KEYRING = Path(folder) / "keyring"
        keyring.prepare()
        settings.AUDIT_HEAD = tmp_path / "audit-head"
        settings.PRIVATE_FILES = tmp_path / "private"
        yield settings.KEYRING


# Which tests run, and in which order


def touches_models(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or bool(
        {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
    )


def is_transactional(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(commits) or bool(marker and marker.kwargs.get("transaction"))


def runs_here(item: pytest.Item) -> bool:
    """On SQLite everything but the races; on PostgreSQL the races and what touches models, without tests of pages."""
    room = item.path.relative_to(TESTS).parts[0]
    if not ON_POSTGRESQL:
        return room != "races"
    is_on_sqlite_alone = item.path.relative_to(TESTS).as_posix() in ON_SQLITE_ALONE
    return touches_models(item) and not is_on_sqlite_alone and item.get_closest_marker("sqlite_only") is None


def sort_position(item: pytest.Item) -> int:
    room = item.path.relative_to(TESTS).parts[0]
    return LONGEST_FIRST.index(room) if room in LONGEST_FIRST else len(LONGEST_FIRST)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    deselected = [item for item in items if not runs_here(item)]
    if deselected:
        config.hook.pytest_deselected(items=deselected)
    items[:] = sorted((item for item in items if runs_here(item)), key=sort_position)
    for item in filter(is_transactional, items):
        item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


def pytest_collection_finish() -> None:
    """All that exists by now stays to the end: keep the garbage collector from scanning it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, Any, Any]:
    """A test that commits ends by emptying every table: put back what the migrations had created."""
    result = yield
    if is_transactional(item) and nextitem is not None:  # after the last one the test database itself is gone
        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
            connection.close()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    report = yield
    # Whether a file system may be mounted is the kernel's to say: nobody can install that.
    may_be_skipped = hasattr(report, "wasxfail") or services.NEEDS_MOUNT in str(report.longrepr)
    if REQUIRE_SERVICES and report.skipped and not may_be_skipped:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped where nothing may be: {report.longrepr[2]}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print a line each for what ran on PostgreSQL too, what this machine lacks, and how to install it."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == services.AGAIN:
                terminalreporter.write_line(f"Again {name}: {value}")
    skipped = " ".join(str(report.longrepr) for report in terminalreporter.stats.get("skipped", []))
    for reason, how in services.HOW_TO_GET.items():
        if reason in skipped:
            terminalreporter.write_line(f"Skipped what {reason}. To run it: {how}")
    if services.NEEDS_MOUNT in skipped:
        terminalreporter.write_line(f"Skipped what {services.NEEDS_MOUNT}. To run it: as root, outside a container")


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary files, which must stay unused: even a file deleted at once changes its timestamp."""
    folder = tmp_path / "spool"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    before = folder.stat().st_mtime_ns
    yield folder
    assert folder.stat().st_mtime_ns == before
