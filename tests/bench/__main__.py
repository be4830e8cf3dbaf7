"""Measures what officers and members wait for, beside the build before: see docs/benchmarks.md.

.venv/bin/python -m tests.bench [--before COMMIT] [--seconds 10] [--only start submissions ...] [--json FILE]
"""

import argparse
import contextlib
import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench import builds, flat, machine, memory, returns, start, submissions, table
from tests.bench.builds import Build

PARTS = ("start", "submissions", "served", "returns", "memory", "flat", "staff")
UNDER_LOAD = {"submissions", "served", "returns", "memory"}


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--before", metavar="COMMIT", default=builds.newest_tag(), help="default: the newest tag")
    parser.add_argument("--seconds", type=float, default=10, help="for each load (10)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--open", nargs="+", type=int, default=[10, 200, 2000], help="requests that are open")
    parser.add_argument("--members", nargs="+", type=int, default=[8, 200, 2000], help="members who serve")
    parser.add_argument("--postgresql", action="store_true", help="the flat part on PostgreSQL too")
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args()


def measure(chosen: argparse.Namespace) -> dict[str, Any]:
    measured: dict[str, Any] = {"machine": machine.description()}
    with builds.checkouts(chosen.before) as compared:
        measured["builds"] = {build.name: build.commit for build in compared}
        if "start" in chosen.only:
            measured["start"] = start.measure(compared)
        if UNDER_LOAD & set(chosen.only):
            measured |= under_load(compared, chosen)
        if "flat" in chosen.only:
            measured["flat"] = flat.measure(
                compared, numbers_open=chosen.open, numbers_of_members=chosen.members, on_postgresql=chosen.postgresql
            )
        if "staff" in chosen.only:
            command = [sys.executable, "-m", "tests.bench.staff_pages", "--slowest", "40"]
            measured["staff"] = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return measured


def under_load(compared: list[Build], chosen: argparse.Namespace) -> dict[str, Any]:
    """What the demos of the builds, and homes as `serve` runs them, do with eight officers at once.

    Memory is that after submissions and returns, so it needs both.
    """
    measured: dict[str, Any] = {}
    only = {*chosen.only, *({"submissions", "returns"} if "memory" in chosen.only else ())}
    with tempfile.TemporaryDirectory(prefix="peersupport-bench-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        demos = {build.name: stack.enter_context(builds.demo(build, folder / build.name)) for build in compared}
        if {"submissions", "served"} & only:
            servers = dict(demos)
            if "served" in only:
                for build in compared:
                    servers[submissions.served(build.name)] = stack.enter_context(
                        builds.home(build, folder / f"{build.name}-home")
                    )
            measured["submissions"] = submissions.measure(servers, folder, chosen.seconds)
        if "returns" in only:
            measured["returns"] = returns.measure(demos, chosen.seconds)
        if "memory" in only:
            measured["memory"] = memory.measure(demos)
    return measured


def main() -> None:
    chosen = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # in order, so that nothing goes on running
    measured = measure(chosen)
    print(table.of(measured))
    if chosen.json:
        chosen.json.write_text(json.dumps(measured, indent=1) + "\n")
    if errors := table.errors_in(measured):
        sys.exit("These figures count for nothing:\n" + "\n".join(errors))


if __name__ == "__main__":
    main()
