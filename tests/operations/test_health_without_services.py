"""/healthz while the database is locked: its own words, soon, and never a page of HTML."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection
from django.test import Client

from operations import health
from tests.operations.site import Site

SOON = 5  # seconds; a monitor gives up after ten


ASK = """
import time
from django.test import Client
started = time.monotonic()
answer = Client().get("/healthz", headers={"Host": "localhost"})
print(answer["Content-Type"], answer.status_code, answer.json(), time.monotonic() - started, sep="|")
"""


def test_a_locked_database_is_answered_soon(demo_site: Site) -> None:
    """While somebody writes, and a heartbeat of long ago is there to be read."""
    demo_site.sql("INSERT OR REPLACE INTO operations_heartbeat (id, at) VALUES (1, '2026-01-01 00:00:00')")
    with closing(sqlite3.connect(demo_site.var / "peersupport.sqlite3", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        kind, status, report, seconds = demo_site.run(ASK).split("|")
    assert (kind, status) == ("application/json", "503") and float(seconds) < SOON
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
