"""A home: one installation in a folder of its own, with production settings and real processes.

`home_template` is made once for all test workers; `home` is a copy of it for one test, `copy_of` copies it anywhere.
"""

import fcntl
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from operations.processes import start, stop
from peersupport.settings import home as home_settings
from tests.services import free_port, wait_until

__all__ = ["home", "home_template"]

ROOT = Path(__file__).resolve().parents[2]
READY = re.compile(r"^Peer Support is ready at (\S+)$", re.MULTILINE)
PREPARE = "from operations.preparation import prepare; prepare()"
SETTINGS = {
    "PEERSUPPORT_SECRET_KEY": "only for tests: a secret key of fifty characters or more",
    "PEERSUPPORT_HOST_SECRET": "only for tests: a host secret of a home",
    "PEERSUPPORT_EMAIL_URL": "files",
    "PEERSUPPORT_FROM_EMAIL": "peer-support@example.org",
}


class Home:
    """The folder, and what is done with it as its operator does it: by commands."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PEERSUPPORT", "DJANGO"))}
        self.environment = {
            **kept,
            "PEERSUPPORT_HOME": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            **environment,
        }

    def make(self, **variables: str | None) -> None:
        """Make it without `setup`: settings for a trial on a free port (or these), then keyring, tables and files."""
        self.folder.mkdir(mode=0o700, parents=True)
        site = f"http://localhost:{free_port()}"
        self.set(**{**SETTINGS, "PEERSUPPORT_SITE_URL": site, **variables})
        self.run(PREPARE)

    def set(self, **variables: str | None) -> None:
        """Write these into settings.env; None takes a variable away."""
        home_settings.write(self.folder, variables)

    def manage(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, text=True, capture_output=True, stdin=subprocess.DEVNULL, **options,
        )  # fmt: skip

    def run(self, script: str) -> str:
        """The output of a short script that is run inside the home."""
        done = self.manage("shell", "-v", "0", "-c", script, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows that the home's database answers. Faster than `run`, which has to start Django."""
        with closing(sqlite3.connect(self.folder / "peersupport.sqlite3", timeout=20)) as database, database:
            return database.execute(statement).fetchall()

    @contextmanager
    def process(self, *command: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
        """A process of this home, stopped at the end of the block, and the file with all its output."""
        log = self.folder.parent / f"{self.folder.name}.log"
        with log.open("wb") as output:
            process = start(
                [sys.executable, *command],
                cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        try:
            yield process, log
        finally:
            stop([process], seconds=15)

    @contextmanager
    def serve(self, *arguments: str, port: int | None = None, longest_seconds: float = 100) -> Iterator["Served"]:
        """The installation, served: once it has printed that it is ready. Without a port at its own."""
        chosen = ["--port", str(port)] if port else []
        with self.process("manage.py", "serve", *chosen, *arguments) as (process, log):
            served = Served(self, process, log)
            is_over = wait_until(lambda: bool(served.address) or process.poll() is not None, seconds=longest_seconds)
            assert is_over and served.address, f"not ready: {served.output}"
            yield served

    def processes(self, word: str = "") -> list[int]:
        """Every running process of this home with this word in its command line. nginx overwrites its environment."""
        mark = f"PEERSUPPORT_HOME={self.folder}\0".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                is_there = (folder / "cwd").resolve() == self.folder
                is_ours = (is_there or mark in (folder / "environ").read_bytes()) and state != "Z"
                if is_ours and word.encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
        return sorted(found)

    @property
    def mails(self) -> list[str]:
        files = sorted((self.folder / "mail").glob("*.log"))  # those of one round stand in one file
        return [mail for file in files for mail in file.read_text().split("-" * 79 + "\n") if mail]


class Served:
    """A running `serve`."""

    def __init__(self, home: Home, process: subprocess.Popen[bytes], log: Path) -> None:
        self.home, self.process, self.log = home, process, log

    @property
    def output(self) -> str:
        return self.log.read_text()

    @property
    def address(self) -> str:
        """Where it is ready; empty until then. Without a slash at its end."""
        found = READY.search(self.output)
        return found[1].rstrip("/") if found else ""

    def interrupt(self, number: int = signal.SIGTERM, *, seconds: float = 20) -> int:
        """Send this signal, wait for the end, and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(seconds)


@pytest.fixture(scope="session")
def home_template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A trial's home without accounts. Nothing runs in it: copy it."""
    base = tmp_path_factory.getbasetemp()
    parent = base if worker_id == "master" else base.parent  # shared by all workers
    template, is_made = parent / "home-template", parent / "home-template.made"
    with (parent / "home-template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_made.exists():
            Home(template).make()
            is_made.touch()
    return template


@pytest.fixture
def home(home_template: Path, tmp_path: Path) -> Home:
    """A home of its own, at a port of its own."""
    return copy_of(home_template, tmp_path / "home")


def copy_of(template: Path, folder: Path) -> Home:
    """The folder becomes a copy of the home, at another free port."""
    shutil.copytree(template, folder)
    copied = Home(folder)
    copied.set(PEERSUPPORT_SITE_URL=f"http://localhost:{free_port()}")
    return copied
