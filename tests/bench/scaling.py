"""What more web processes are worth, on SQLite and on PostgreSQL: the table of docs/scaling.md.

.venv/bin/python -m tests.bench.scaling [--seconds 10] [--processes 1 2 4]
"""

import argparse
import contextlib
import signal
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg

from tests import services
from tests.bench import builds, machine
from tests.bench.builds import HERE, Build, Served, kernel_figure
from tests.bench.load import LeanClient, Load, at_once
from tests.bench.returns import come_back
from tests.bench.submissions import AT_ONCE, submit

CONNECTED = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
COLUMNS = ("database", "web processes", "submissions", "returns", "memory of all web processes", "connections")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scaling", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10, help="for each load (10)")
    parser.add_argument("--processes", nargs="+", type=int, default=[1, 2, 4], help="web processes (1 2 4)")
    return parser.parse_args()


@contextlib.contextmanager
def served(processes: int, folder: Path, **more: str) -> Iterator[Served]:
    with builds.home(Build("now", HERE), folder, PEERSUPPORT_WEB_PROCESSES=str(processes), **more) as running:
        yield running


def measure(running: Served, seconds: float) -> list[str]:
    """The cells of a line: submissions, returns, memory."""
    receipts = []
    for _ in range(AT_ONCE):
        with contextlib.closing(LeanClient(running.port)) as client:
            receipts.append(submit(client))
    submissions = at_once(AT_ONCE, seconds, partial(_submit, running.port))
    returns = at_once(AT_ONCE, seconds, partial(_come_back, running.port, receipts))
    for load in (submissions, returns):
        if load.errors:
            sys.exit(f"These figures count for nothing: {load.errors}")
    megabytes = sum(kernel_figure(process, "smaps_rollup", "Pss") / 1024 for process in running.web_processes())
    return [_said(submissions), _said(returns), f"{megabytes:.0f} MB"]


def _submit(port: int, _worker: int) -> None:
    with contextlib.closing(LeanClient(port)) as client:
        submit(client)


def _come_back(port: int, receipts: list[str], worker: int) -> None:
    with contextlib.closing(LeanClient(port)) as client:
        come_back(client, receipts[worker])


def _said(load: Load) -> str:
    return f"{load.per_second:.0f}/s, p95 {load.p95:.0f} ms"


def on_postgresql(processes: int, folder: Path, seconds: float) -> list[str]:
    with services.postgresql(is_durable=True) as database, services.redis() as redis:
        where = {"PEERSUPPORT_DATABASE_URL": database, "PEERSUPPORT_REDIS_URL": redis}
        with served(processes, folder, **where) as running:
            cells = measure(running, seconds)
            folder_of_socket = "/" + database.partition("@//")[2].rpartition("/")[0]
            with psycopg.connect(host=folder_of_socket, user="tests", dbname="postgres") as connection:
                (connected,) = connection.execute(CONNECTED).fetchone() or (0,)
        return [*cells, str(connected - 1)]


def main() -> None:
    chosen = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    print(", ".join(f"{name} {value}" for name, value in machine.description().items()))
    print("| " + " | ".join(COLUMNS) + " |\n" + "|---" * len(COLUMNS) + "|", flush=True)
    with tempfile.TemporaryDirectory(prefix="peersupport-scaling-") as name:
        for processes in chosen.processes:
            with served(processes, Path(name) / f"sqlite-{processes}") as running:
                print(f"| SQLite | {processes} | {' | '.join(measure(running, chosen.seconds))} | |", flush=True)
            cells = on_postgresql(processes, Path(name) / f"postgresql-{processes}", chosen.seconds)
            print(f"| PostgreSQL and Redis | {processes} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
