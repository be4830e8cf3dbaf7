"""Django's backend for SQLite, whose threads wait in line for a transaction.

SQLite has one writer at a time. Who finds it taken sleeps and looks again, each time for longer, up to a tenth of a
second; so under load the database lies idle while many sleep. In one process a lock is handed on at once. Between
processes it is SQLite's own waiting, by one thread of each.
"""

import os
import threading
from collections import defaultdict

from django.db import OperationalError
from django.db.backends.sqlite3 import base

_turns: "defaultdict[str, threading.Lock]" = defaultdict(threading.Lock)  # by the database's file
os.register_at_fork(after_in_child=_turns.clear)


class DatabaseWrapper(base.DatabaseWrapper):
    """Has its turn from the beginning of a transaction to its end."""

    _turn: "threading.Lock | None" = None

    def _start_transaction_under_autocommit(self) -> None:
        if not self.is_in_memory_db():
            self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # where it fails, the caller rolls back
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

    def _take_turn(self) -> None:
        """Raises OperationalError as SQLite does, after as long as it would wait."""
        turn = _turns[str(self.settings_dict["NAME"])]
        (milliseconds,) = self.connection.execute("PRAGMA busy_timeout").fetchone()
        if not turn.acquire(timeout=milliseconds / 1000):
            raise OperationalError("database is locked")
        self._turn = turn

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.release()
