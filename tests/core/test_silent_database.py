"""A PostgreSQL that accepts a connection and then says nothing."""

import socket
import time
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.postgresql.base import DatabaseWrapper

from peersupport.settings import local

pytestmark = pytest.mark.django_db  # it opens connections of its own
DEFAULTS = {
    "TIME_ZONE": None, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "TEST": {"NAME": None},
}  # fmt: skip


def connection_to(url: str) -> DatabaseWrapper:
    return DatabaseWrapper({**DEFAULTS, **local.database(url)}, alias="default")


def test_it_is_given_up_on_after_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(OperationalError):
            connection_to(f"postgres://peer:word@127.0.0.1:{silent.getsockname()[1]}/peer").ensure_connection()
        assert time.monotonic() - began < 10


def test_a_time_out_of_the_address_is_kept_and_sqlite_has_none() -> None:
    assert local.database("postgres://peer@db/peer?connect_timeout=9")["OPTIONS"]["connect_timeout"] == 9
    found: dict[str, Any] = local.database("sqlite:////tmp/some.sqlite3")
    assert "CONN_MAX_AGE" not in found or not found["CONN_MAX_AGE"]
