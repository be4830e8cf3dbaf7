"""A worker killed in the middle of an import, and the next one that finishes it. Real processes, really killed."""

from collections.abc import Callable
from datetime import date, timedelta
from multiprocessing.synchronize import Event

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.core.spreadsheet.cells import RowOutcome
from tests.races.racing import FORK
from tests.services import wait_until
from training.actions import imports
from training.domain.states import ImportState
from training.models import Import, ImportRow, Record

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = [date(2020, 1, 1) + timedelta(days=number) for number in range(1_200)]  # the worker reads 500 at once


def work(may_begin: Event) -> None:
    may_begin.wait()
    imports.work_on_imports()


def kill_where_blocked(by: Callable[[], object]) -> None:
    """Start a worker, let it wait for a lock that this transaction holds, and kill it there."""
    connections.close_all()  # a connection must not be shared by two processes
    may_begin = FORK.Event()
    worker = FORK.Process(target=work, args=(may_begin,), daemon=True)
    worker.start()
    with transaction.atomic():
        by()
        may_begin.set()
        assert wait_until(is_somebody_blocked, seconds=90, every=0.01)
        worker.kill()
        worker.join()
        transaction.set_rollback(True)


def is_somebody_blocked() -> bool:
    """In this database: others of the same server have waits of their own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) "
            "WHERE NOT granted AND datname = current_database()"
        )
        return cursor.fetchone() is not None


def test_next_worker_finishes_what_a_killed_one_began(coordinator, ana):
    lines = ["E-mail,Subject,Completed on,Hours", *(f"ana@example.org,mediation,{day},8" for day in DAYS)]
    received = Import.objects.create(
        content="\n".join(lines).encode(), uploaded_by=coordinator, uploaded_on=timezone.localdate()
    )

    def progress() -> tuple[str, int, int, int]:
        received.refresh_from_db()
        return received.state, received.rows_done, received.rows.count(), Record.objects.count()

    kill_where_blocked(
        lambda: ImportRow.objects.create(
            training_import=received, number=1_050, cells={}, outcome=RowOutcome.WRONG
        )  # in its third portion
    )
    assert progress() == (ImportState.UPLOADED, 1_000, 1_000, 0)
    imports.work_on_imports()
    assert progress() == (ImportState.UPLOADED, 1_000, 1_000, 0), "the dead worker's claim has not lapsed"
    Import.objects.update(claimed_until=timezone.now())
    imports.work_on_imports()
    assert progress() == (ImportState.CHECKED, 1_200, 1_200, 0)

    Import.objects.update(state=ImportState.CONFIRMED, claimed_until=None)
    kill_where_blocked(lambda: received.rows.update(cells={}))  # the records are in, the rows not yet gone
    assert progress() == (ImportState.CONFIRMED, 1_200, 1_200, 0)
    Import.objects.update(claimed_until=timezone.now())
    for _ in range(2):
        imports.work_on_imports()
    assert progress() == (ImportState.DONE, 1_200, 0, 1_200)
    assert received.written == 1_200
    assert Entry.objects.filter(action="import_written").count() == 1
