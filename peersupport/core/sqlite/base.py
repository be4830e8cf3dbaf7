"""Django's backend for SQLite, whose threads wait in line for a transaction.

SQLite has one writer at a time. Who finds it taken sleeps and looks again, each time for longer, up to a tenth of a
second; so under load the database lies idle while many sleep. In one process a lock is handed on at once; between
processes one thread of each looks every millisecond.
"""

import os
import sqlite3
import threading
import time
from collections import defaultdict

from django.db import OperationalError
from django.db.backends.sqlite3 import base

STEP_SECONDS = 0.001
_turns: "defaultdict[str, threading.Lock]" = defaultdict(threading.Lock)  # by the database's file
os.register_at_fork(after_in_child=_turns.clear)


class DatabaseWrapper(base.DatabaseWrapper):
    """Has its turn from the beginning of a transaction to its end."""

    _turn: "threading.Lock | None" = None

    def _start_transaction_under_autocommit(self) -> None:
        if self.is_in_memory_db():
            return super()._start_transaction_under_autocommit()  # type: ignore[misc,no-any-return]
        (milliseconds,) = self.connection.execute("PRAGMA busy_timeout").fetchone()
        until = time.monotonic() + milliseconds / 1000
        self._take_turn(until)
        try:
            self._begin(until, milliseconds)
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            if self.connection is None or not self.connection.in_transaction:  # where it fails, the caller rolls back
                self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _begin(self, until: float, milliseconds: int) -> None:
        """Ask again and again where another process has the database; SQLite would sleep longer and longer."""
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    return super()._start_transaction_under_autocommit()  # type: ignore[misc,no-any-return]
                except OperationalError as error:
                    if not _is_busy(error) or time.monotonic() > until:
                        raise
                time.sleep(STEP_SECONDS)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {milliseconds}")

    def _take_turn(self, until: float) -> None:
        """Raises OperationalError as SQLite does, after as long as it would wait. until: by the monotonic clock."""
        turn = _turns[str(self.settings_dict["NAME"])]
        if not turn.acquire(timeout=max(until - time.monotonic(), 0)):
            raise OperationalError("database is locked")
        self._turn = turn

    def __del__(self) -> None:
        self._end_turn()  # as SQLite's own lock ends with a connection that nobody has any more

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.release()


def _is_busy(error: OperationalError) -> bool:
    """The lower byte of the code, whose upper ones say what keeps it: a log that is being made anew, for one."""
    return getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
