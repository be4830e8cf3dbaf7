"""Races between real processes on one PostgreSQL database. A test that uses this commits (transaction=True).

    def test_only_one_accept_wins(ana, ben, offer):
        outcomes = race(actions.accept, {"member": ana}, {"member": ben})
        assert sorted(o.error or "won" for o in outcomes) == ["RequestUnavailable", "won"]

Each runner is a process with a connection of its own. All wait at one line and start together.
"""

import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db import connection, connections

# Forked, so that a runner has the test's settings, its keyring and its fixtures.
FORK = multiprocessing.get_context("fork")
LONGEST_SECONDS = 90


@dataclass(frozen=True)
class Outcome:
    """What one runner returned: a value, or the name of the exception that stopped it."""

    value: Any = None
    error: str | None = None
    said: str = ""


def race(run: Callable[..., Any], *arguments: dict[str, Any]) -> list[Outcome]:
    """Run the function once for each set of keyword arguments, all at once. Returns the outcomes in the same order."""
    connections.close_all()  # a connection must not be shared by two processes
    line = FORK.Barrier(len(arguments))
    runners, ends = [], []
    for keywords in arguments:
        here, there = FORK.Pipe(duplex=False)
        runner = FORK.Process(target=_run, args=(run, keywords, line, there), daemon=True)
        runner.start()
        there.close()
        runners.append(runner)
        ends.append(here)
    try:
        return [_outcome(end) for end in ends]
    finally:
        for runner in runners:
            runner.join(1)
            runner.kill()
            runner.join()


def _outcome(end: Connection) -> Outcome:
    if not end.poll(LONGEST_SECONDS):
        return Outcome(error="StillWaiting")
    try:
        return end.recv()
    except EOFError:
        return Outcome(error="Died")


def _run(run: Callable[..., Any], keywords: dict[str, Any], line: Barrier, there: Connection) -> None:
    connection.ensure_connection()
    line.wait(LONGEST_SECONDS)
    try:
        outcome = Outcome(value=run(**keywords))
    except Exception as error:
        outcome = Outcome(error=type(error).__name__, said=str(error))
    connections.close_all()
    there.send(outcome)
