"""Processes that kill themselves at one step of a write, as if the machine stopped there."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connections
from django.utils import timezone

from peersupport.sealing import keyring
from peersupport.sealing.actions import destroy_condemned, destroy_orphans
from peersupport.sealing.models import KeyToDestroy
from stats import actions, queries, vault
from stats.domain.ledger import CONTACTS, PERSONS
from stats.models import StatsBreakdown, StatsReport, StatsYear
from tests.races.racing import FORK
from tests.stats.conftest import report_of

# Where a process is killed: after this function of this module; and whether the write is committed by then.
Step = tuple[Any, str, bool]
WRITING: dict[str, Step] = {
    "key written": (keyring, "create", False),
    "row written": (actions, "condemn", False),
    "committed, the old key moved": (keyring, "_move_if_there", True),
    "committed, the old key overwritten": (keyring, "_overwrite_if_there", True),
    "committed, the old key gone": (keyring, "destroy", True),
}
CLOSING = {name: step for name, step in WRITING.items() if name != "key written"}
LATER = timedelta(hours=3)  # by then, a key without a row is old enough to be swept


def assert_writing_survives(year: int, step: str) -> None:
    before = _counted(year)
    _killed(WRITING[step], lambda: actions.tally(year=year, first_this_year=True))
    assert queries.problems_by_year() == {}
    assert _counted(year) == [value + WRITING[step][2] for value in before]
    _sweep()
    assert queries.problems_by_year() == {}
    actions.tally(year=year)


def assert_closing_survives(year: int, step: str) -> None:
    _killed(CLOSING[step], lambda: actions.close_year(year=year))
    is_closed = StatsReport.objects.filter(year=year).exists()
    assert is_closed is CLOSING[step][2]
    assert StatsYear.objects.filter(year=year).exists() is not is_closed
    assert queries.problems_by_year() == {}
    if not is_closed:
        actions.close_year(year=year)
    _sweep()
    assert report_of(year)["rows"]


def _killed(step: Step, action: Callable[[], None]) -> None:
    connections.close_all()  # a connection must not be shared by two processes
    process = FORK.Process(target=_run, args=(step, action), daemon=True)
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL


def _run(step: Step, action: Callable[[], None]) -> None:
    module, name, _ = step
    original = getattr(module, name)

    def until_here(*args: Any, **kwargs: Any) -> None:
        original(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, until_here)
    action()


def _counted(year: int) -> list[int]:
    counters = vault.unseal(StatsYear.objects.get(year=year)).by_counter()
    return [counters[PERSONS], counters[CONTACTS]]


def _sweep() -> None:
    """The scheduled sweeps; only the keys of open rows are left."""
    destroy_condemned()
    destroy_orphans(now=timezone.now() + LATER)
    assert not KeyToDestroy.objects.exists()
    open_rows = [*StatsYear.objects.all(), *StatsBreakdown.objects.all()]
    assert keyring.shred_ids() == sorted(row.key_id for row in open_rows)
