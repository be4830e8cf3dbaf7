"""Whether pages take as long with many open requests and members as with few: inside.py, run in each build."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests import services
from tests.bench.builds import Build

INSIDE = Path(__file__).with_name("inside.py")


def measure(
    builds: list[Build], *, numbers_open: list[int], numbers_of_members: list[int], on_postgresql: bool
) -> dict[str, list[dict[str, Any]]]:
    """Medians in milliseconds for each build and size, by database."""
    sizes = _sizes(numbers_open, numbers_of_members)
    measured = {"SQLite": [_run(build, *size, None) for size in sizes for build in builds]}
    if on_postgresql:
        measured["PostgreSQL"] = []
        for size in sizes:
            for build in builds:
                with services.postgresql() as url:
                    measured["PostgreSQL"].append(_run(build, *size, url))
    return measured


def _sizes(numbers_open: list[int], numbers_of_members: list[int]) -> Iterable[tuple[int, int]]:
    """Each number of open requests with the fewest members, and each number of members with the fewest requests."""
    fewest_open, fewest_members = min(numbers_open), min(numbers_of_members)
    sizes = [(number, fewest_members) for number in sorted(numbers_open)]
    return sizes + [(fewest_open, number) for number in sorted(numbers_of_members) if number != fewest_members]


def _run(build: Build, number_open: int, members: int, database_url: str | None) -> dict[str, Any]:
    command = [sys.executable, "-P", str(INSIDE), str(number_open), str(members), database_url or ""]
    with tempfile.TemporaryDirectory(prefix="peersupport-bench-") as folder:
        environment = {
            **os.environ,
            "PYTHONPATH": str(build.tree),
            "DJANGO_SETTINGS_MODULE": "peersupport.settings.demo",
            "PEERSUPPORT_VAR": folder,
            "PEERSUPPORT_BRAKE_AT": "1000000",
        }
        answer = subprocess.run(command, cwd=build.tree, env=environment, stdout=subprocess.PIPE, text=True)
    if answer.returncode:
        raise RuntimeError(f"inside.py ended with {answer.returncode} in {build.name}")
    medians = json.loads(answer.stdout.splitlines()[-1])
    print(f"{build.name}, {number_open} open, {members} members: {medians}", file=sys.stderr)
    return {"build": build.name, "open": number_open, "members": members, "medians": medians}
