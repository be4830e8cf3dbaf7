"""/healthz while the cache or the database is away: its own words, soon, and never a page of HTML."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import pytest
import redis
from django.core.cache import caches
from django.db import connection
from django.test import Client

from operations import health, tasks
from peersupport.settings.local import redis_cache
from tests import services
from tests.conftest import need
from tests.operations.site import Site

SOON = 5  # seconds; a monitor gives up after ten
PARTS = {"database", "keyring", "worker", "statistics", "on_call", "stored"}


@pytest.fixture
def own_redis(settings: object) -> Iterator[str]:
    """A Redis of this test alone, because it stops it, as the shared cache."""
    for url in need(services.redis):
        settings.CACHES = {"default": redis_cache(url)}
        yield url
        caches.close_all()


def process_of(url: str) -> int:
    with redis.Redis.from_url(url) as client:
        return int(client.info("server")["process_id"])


@contextmanager
def stopped(process: int) -> Iterator[None]:
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def ask(client: Client, method: str = "get") -> tuple[int, dict[str, str]]:
    started = time.monotonic()
    answer = getattr(client, method)("/healthz")
    assert time.monotonic() - started < SOON
    assert answer["Content-Type"] == "application/json"
    return answer.status_code, answer.json() if method == "get" else {}


@pytest.mark.django_db
def test_redis_that_is_silent_or_gone_is_a_silent_worker(client: Client, own_redis: str) -> None:
    tasks.heartbeat()
    assert ask(client)[0] == ask(client, "head")[0] == 200
    process = process_of(own_redis)
    away = (503, {**dict.fromkeys(PARTS, "ok"), "worker": "silent"})
    with stopped(process):
        assert ask(client) == away
    assert ask(client)[0] == 200, "it is back, and so is everything"
    os.kill(process, signal.SIGKILL)
    assert services.wait_until(lambda: not services._listens(urlsplit(own_redis).port or 0), seconds=10)
    assert ask(client) == away
    assert ask(client, "head")[0] == 503


@pytest.mark.django_db
@pytest.mark.sqlite_only
def test_a_missing_table_of_the_cache_is_a_silent_worker(client: Client, settings: object) -> None:
    backend = "django.core.cache.backends.db.DatabaseCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "no_such_table"}}
    assert ask(client) == (503, {**dict.fromkeys(PARTS, "ok"), "worker": "silent"})


ASK = """
import time
from django.test import Client
started = time.monotonic()
answer = Client().get("/healthz", headers={"Host": "localhost"})
print(answer["Content-Type"], answer.status_code, answer.json(), time.monotonic() - started, sep="|")
"""


def test_a_locked_database_is_answered_soon(demo_site: Site) -> None:
    """A heartbeat of long ago has to be deleted, which waits for whoever writes."""
    demo_site.sql("UPDATE shared_cache SET expires = '2026-01-01 00:00:00'")
    with closing(sqlite3.connect(demo_site.var / "peersupport.sqlite3", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        kind, status, report, seconds = demo_site.run(ASK).split("|")
    assert (kind, status) == ("application/json", "503") and float(seconds) < 2 * SOON
    assert "'worker': 'silent'" in report


@pytest.mark.django_db
def test_the_database_waits_as_long_as_before_afterwards(client: Client) -> None:
    def patience() -> object:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW statement_timeout")
            return cursor.fetchone()

    before = patience()
    health.report()
    assert patience() == before
