"""The builds that are compared: this checkout, and that of a commit; and each one's demo."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from operations.processes import children_of, start, stop
from tests import services
from tests.operations.home import Home

HERE = Path(__file__).resolve().parents[2]
TEAM = """
from peersupport.access.permissions import Role
from peersupport.program import queries as program
from peersupport.program.models import CrisisLinesConfirmation, Launch
from tests.cast import make_member, make_user
confirmed = {"confirmed_on": "2026-01-01", "lines_digest": program.crisis_lines_digest()}
CrisisLinesConfirmation.objects.create(pk=1, **confirmed)
Launch.objects.create(pk=1, launched_on="2026-01-01")
coordinator = make_user("Carla Coordinator", Role.COORDINATOR)
for number in range(8):
    make_member(f"M{number} Member", confirmed_by=coordinator)
"""
ROOMS = ("applications", "dashboard", "operations", "peersupport", "requests_app", "stats", "training")
WEB_SERVERS = {"granian", "operations.serve.web"}
READY = "Peer Support is ready at"
# A load is not a flood, and what is open stays open.
LOADED = {"PEERSUPPORT_BRAKE_AT": "1000000", "PEERSUPPORT_MAX_OPEN_REQUESTS": "1000000"}


@dataclass(frozen=True)
class Build:
    """name: as it stands in the table. tree: its checkout."""

    name: str
    tree: Path

    @property
    def commit(self) -> str:
        changed = git("status", "--porcelain", "--untracked-files=no", tree=self.tree)
        return git("rev-parse", "--short=8", "HEAD", tree=self.tree) + ("+" if changed else "")


@dataclass(frozen=True)
class Served:
    """A web server that runs, with everything started along with it."""

    port: int
    process: subprocess.Popen[Any]
    seconds_to_start: float = 0.0

    def tree(self) -> list[int]:
        """The process and all below it."""
        found = [self.process.pid]
        for process in found:
            found += children_of(process)
        return found

    def web_processes(self) -> list[int]:
        """Those that answer: the web server's own children."""
        children = [child for child in children_of(self._web_server()) if "resource_tracker" not in command_of(child)]
        if not children:
            raise RuntimeError("the web server has no process that answers")
        return children

    def _web_server(self) -> int:
        """The first granian of the tree, or what was forked to be one."""
        for process in self.tree():
            name = Path(f"/proc/{process}/comm").read_text().strip()
            if name == "web server" or WEB_SERVERS.intersection(Path(word).name for word in command_of(process)):
                return process
        raise RuntimeError("no granian among " + "; ".join(" ".join(command_of(process)) for process in self.tree()))

    @contextlib.contextmanager
    def alone(self, others: list["Served"]) -> Iterator[None]:
        """Hold the others meanwhile: their workers still work off what was sent to them."""
        held = [process for other in others if other is not self for process in other.tree()]
        _signal(held, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal(held, signal.SIGCONT)


@contextlib.contextmanager
def checkouts(before: str | None) -> Iterator[list[Build]]:
    """The build before, if there is one, and the present one."""
    now = Build("now", HERE)
    _compile(HERE)
    if before is None:
        yield [now]
        return
    with tempfile.TemporaryDirectory(prefix="peersupport-before-") as folder:
        tree = Path(folder) / "tree"
        git("worktree", "add", "--detach", str(tree), before)
        try:
            _compile(tree)
            yield [Build("before", tree), now]
        finally:
            git("worktree", "remove", "--force", str(tree))


def newest_tag() -> str | None:
    return git("tag", "--sort=-creatordate").partition("\n")[0] or None


def git(*command: str, tree: Path = HERE) -> str:
    return subprocess.run(["git", *command], cwd=tree, check=True, capture_output=True, text=True).stdout.strip()


@contextlib.contextmanager
def demo(build: Build, folder: Path) -> Iterator[Served]:
    """The demo of this build with its data in this folder, ready."""
    port = services.free_port()
    began = time.monotonic()
    process = start(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=build.tree, env={**os.environ, **LOADED, "PEERSUPPORT_VAR": str(folder)},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        while not (line := process.stdout.readline()).startswith(READY):
            if not line:
                raise RuntimeError(f"the demo of {build.name} did not start")
        yield Served(port, process, time.monotonic() - began)
    finally:
        stop([process], seconds=60)


@contextlib.contextmanager
def home(build: Build, folder: Path, **variables: str) -> Iterator[Served]:
    """A trial's home of this build, with eight members, launched, and served as an operator serves it.

    variables: further ones of its settings.
    """
    made, port = Home(folder, root=build.tree, **LOADED, **variables), services.free_port()
    made.make()
    made.set(PEERSUPPORT_SITE_URL=f"http://localhost:{port}")
    made.run(TEAM)
    began = time.monotonic()
    with made.serve() as served:
        yield Served(port, served.process, time.monotonic() - began)


def command_of(process: int) -> list[str]:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes().decode().split("\0")[:-1]
    return []


def kernel_figure(process: int, file: str, name: str) -> int:
    """A number that the kernel keeps of a process; memory is in kilobytes."""
    found = re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{process}/{file}").read_text(), re.MULTILINE)
    assert found, f"no {name} in {file}"
    return int(found[1])


def _compile(tree: Path) -> None:
    """Compile the program beforehand, as an installation has it: a fresh checkout would do so at its first start."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", *ROOMS], cwd=tree, check=True)


def _signal(processes: list[int], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)
