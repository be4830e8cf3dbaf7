"""The threads of a process take turns to write to SQLite, and nobody keeps the turn."""

import gc
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from peersupport.core.sqlite import base
from peersupport.settings.local import sqlite

pytestmark = pytest.mark.django_db  # it opens databases of its own
DEFAULTS = {
    "TIME_ZONE": None, "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "USER": "",
    "PASSWORD": "", "HOST": "", "PORT": "", "TEST": {"NAME": None},
}  # fmt: skip

HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("INSERT INTO told VALUES ('held')")
print("begun", flush=True)
time.sleep(0.3)
connection.execute("COMMIT")
print("ended", flush=True)
"""


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Any]:
    made = []

    def connect(name: str = "one.sqlite3", milliseconds: int = 50) -> base.DatabaseWrapper:
        settings = {**DEFAULTS, **sqlite(tmp_path / name)}
        settings["OPTIONS"] = {**settings["OPTIONS"], "timeout": milliseconds / 1000}
        wrapper = base.DatabaseWrapper(settings, alias="default")
        wrapper.inc_thread_sharing()
        with wrapper.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS told (word TEXT)")
        made.append(wrapper)
        return wrapper

    yield connect
    for wrapper in made:
        wrapper.close()


def begin(wrapper: base.DatabaseWrapper) -> None:
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(wrapper: base.DatabaseWrapper) -> None:
    wrapper.commit()
    wrapper.set_autocommit(True)


def test_who_waits_longer_than_sqlite_would_is_told_the_same(at: Any) -> None:
    first, second = at(), at()
    begin(first)
    with pytest.raises(OperationalError, match="database is locked"):
        begin(second)
    end(first)
    begin(second)
    end(second)


@pytest.mark.parametrize("how", ["commit", "rollback", "close"])
def test_the_turn_ends_with_the_transaction_however_it_ends(at: Any, how: str) -> None:
    first, second = at(), at()
    begin(first)
    getattr(first, how)()
    begin(second)
    end(second)


def test_another_database_does_not_wait(at: Any) -> None:
    first, second = at("one.sqlite3"), at("two.sqlite3")
    begin(first)
    begin(second)
    end(second)
    end(first)


def test_a_transaction_that_another_process_keeps_from_beginning_ends_its_turn(at: Any) -> None:
    """SQLite itself says that the database is locked, after the turn was taken."""
    first, elsewhere = at(), at()
    base.DatabaseWrapper._take_turn, kept = (lambda self, _: None), base.DatabaseWrapper._take_turn  # type: ignore[method-assign]
    try:
        begin(elsewhere)
    finally:
        base.DatabaseWrapper._take_turn = kept  # type: ignore[method-assign]
    with pytest.raises(OperationalError):
        begin(first)
    assert first._turn is None
    end(elsewhere)
    begin(first)
    end(first)


def test_many_threads_write_all_they_want(at: Any) -> None:
    def write(wrapper: base.DatabaseWrapper) -> None:
        for number in range(10):
            begin(wrapper)
            with wrapper.cursor() as cursor:
                cursor.execute("INSERT INTO told VALUES (%s)", [str(number)])
            end(wrapper)

    wrappers = [at(milliseconds=20_000) for _ in range(6)]
    threads = [threading.Thread(target=write, args=[wrapper]) for wrapper in wrappers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with wrappers[0].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM told")
        assert cursor.fetchone() == (60,)


def test_another_process_that_writes_is_waited_for_and_its_end_is_seen_at_once(at: Any, tmp_path: Path) -> None:
    first = at(milliseconds=20_000)
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "one.sqlite3")], stdout=subprocess.PIPE)
    assert holder.stdout is not None and holder.stdout.readline() == b"begun\n"
    begin(first)
    assert holder.stdout.readline() == b"ended\n"
    end(first)
    holder.wait()
    with first.cursor() as cursor:
        cursor.execute("SELECT word FROM told")
        assert cursor.fetchall() == [("held",)]


def test_an_error_that_is_no_waiting_is_raised_at_once(at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first, slept = at(milliseconds=20_000), list[float]()
    monkeypatch.setattr(time, "sleep", slept.append)
    first.transaction_mode = "NEVER"
    with pytest.raises(OperationalError, match="syntax error"):
        begin(first)
    assert not slept and first._turn is None


def test_after_a_transaction_has_begun_sqlite_waits_as_before(at: Any) -> None:
    first = at(milliseconds=4321)
    begin(first)
    end(first)
    assert first.connection.execute("PRAGMA busy_timeout").fetchone() == (4321,)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY, sqlite3.SQLITE_BUSY_SNAPSHOT])
def test_whatever_keeps_the_database_busy_is_waited_for(code: int) -> None:
    cause, error = sqlite3.OperationalError("database is locked"), OperationalError("database is locked")
    cause.sqlite_errorcode, error.__cause__ = code, cause
    assert base._is_busy(error) and not base._is_busy(OperationalError("disk I/O error"))


def test_turn_and_database_together_are_waited_for_no_longer_than_sqlite_would(at: Any) -> None:
    waiting, beside = at(milliseconds=1000), at(milliseconds=1000)
    holder = sqlite3.connect(waiting.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    took = []

    def press(wrapper: base.DatabaseWrapper, after: float) -> None:
        time.sleep(after)
        began = time.monotonic()
        with pytest.raises(OperationalError):
            begin(wrapper)
        took.append(time.monotonic() - began)

    threads = [threading.Thread(target=press, args=pair) for pair in ((waiting, 0), (beside, 0.3))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    holder.execute("ROLLBACK")
    assert len(took) == 2 and max(took) < 1.5


def test_an_interruption_just_after_the_commit_gives_the_turn_back(at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As by a signal, or a limit of time of the worker."""
    first, second, commit = at(), at(), base.base.DatabaseWrapper._commit

    def commit_and_be_interrupted(wrapper: base.DatabaseWrapper) -> None:
        commit(wrapper)
        raise KeyboardInterrupt

    begin(first)
    with monkeypatch.context() as patch:
        patch.setattr(base.base.DatabaseWrapper, "_commit", commit_and_be_interrupted)
        with pytest.raises(KeyboardInterrupt):
            first.commit()
    begin(second)
    end(second)


def test_a_connection_that_nobody_has_any_more_keeps_no_turn(at: Any) -> None:
    second = at()
    dropped = base.DatabaseWrapper(second.settings_dict, alias="default")
    dropped.inc_thread_sharing()
    begin(dropped)
    del dropped
    gc.collect()
    begin(second)
    end(second)
