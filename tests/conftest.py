"""What every test stands on: its own keyring, the named people, and services that are there or said to be missing."""

import gc
import json
import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
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

ON_POSTGRESQL = bool(os.environ.get(services.DATABASE))
# Where everything must be at hand (CI), a skipped test is a failed one.
REQUIRE_SERVICES = bool(os.environ.get("PEERSUPPORT_REQUIRE_SERVICES"))
# The long ones first, so that neither of two workers ends up alone with one of them.
LONGEST_FIRST = ("test_again_on_postgresql.py", "journeys", "running", "notices")
TESTS = Path(__file__).parent
# What Django makes beside the migrations for its admin site, which is not mounted: hundreds of rows.
OF_AN_ADMIN_SITE = {"auth.permission", "contenttypes.contenttype"}
IN_MEMORY = Path("/dev/shm")  # a disk that syncs each key makes a test wait
collect_ignore = ["access", "journeys"] if ON_POSTGRESQL else []


def need(start: Any) -> Iterator[Any]:
    """The service for as long as it is used; a test whose service is not on this machine is skipped."""
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
    """The program is open in every test; tests/requests_app/test_opening.py begins before that."""
    with django_db_blocker.unblock():
        Launch.objects.create(pk=1, launched_on="2026-01-01")
        CrisisLinesConfirmation.objects.create(
            pk=1, confirmed_on="2026-01-01", lines_digest=program.crisis_lines_digest()
        )
        rows = json.loads(connection.creation.serialize_db_to_string())
        kept = [row for row in rows if row["model"] not in OF_AN_ADMIN_SITE]
        connection._test_serialized_contents = json.dumps(kept)


# Slow on purpose where a password guards a key; here every signing in would pay for it.
PASSWORD_MEMORY_KIB = envelope.PASSWORD_MEMORY_KIB
envelope.PASSWORD_MEMORY_KIB = 64


# How long an example takes is for the benches to say.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


@pytest.fixture
def slow_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory that a password's key takes outside the tests."""
    monkeypatch.setattr(envelope, "PASSWORD_MEMORY_KIB", PASSWORD_MEMORY_KIB)


@pytest.fixture(autouse=True)
def own_keyring(settings: Any, tmp_path: Path) -> Iterator[Path]:
    with TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else tmp_path) as folder:
        settings.KEYRING = Path(folder) / "keyring"
        keyring.prepare()
        settings.PRIVATE_FILES = tmp_path / "private"
        yield settings.KEYRING


@pytest.fixture(autouse=True)
def shared_cache_starts_empty() -> None:
    """A cache in the database is rolled back with it; one in Redis is not."""
    if "Redis" in django_settings.CACHES["default"]["BACKEND"]:
        cache.clear()


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
    """On SQLite all but the races; on PostgreSQL the races and what touches models, without sweeps over pages."""
    room = item.path.relative_to(TESTS).parts[0]
    if not ON_POSTGRESQL:
        return room != "races"
    is_about_pages = "pages" in item.path.stem
    return touches_models(item) and not is_about_pages and item.get_closest_marker("sqlite_only") is None


def place(item: pytest.Item) -> int:
    room = item.path.relative_to(TESTS).parts[0]
    return LONGEST_FIRST.index(room) if room in LONGEST_FIRST else len(LONGEST_FIRST)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    elsewhere = [item for item in items if not runs_here(item)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
    items[:] = sorted((item for item in items if runs_here(item)), key=place)
    for item in filter(is_transactional, items):
        item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


def pytest_collection_finish() -> None:
    """Whatever is there by now stays to the end: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, Any, Any]:
    """A test that commits ends by emptying every table: what the migrations had put there comes back."""
    result = yield
    if is_transactional(item) and nextitem is not None:  # after the last one the test database itself is gone
        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
            connection.close()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    report = yield
    if REQUIRE_SERVICES and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped where nothing may be: {report.longrepr[2]}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says in one line each what ran elsewhere, what this machine lacked, and how to get it."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == services.AGAIN:
                terminalreporter.write_line(f"Again {name}: {value}")
    said = " ".join(str(report.longrepr) for report in terminalreporter.stats.get("skipped", []))
    for reason, how in services.HOW_TO_GET.items():
        if reason in said:
            terminalreporter.write_line(f"Skipped what {reason}. To run it: {how}")


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary files. It is dated anew by whatever is made in it, also if that is gone at once."""
    folder = tmp_path / "spool"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    before = folder.stat().st_mtime_ns
    yield folder
    assert folder.stat().st_mtime_ns == before
