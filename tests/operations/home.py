"""A home: one installation in a folder of its own, with production settings and real processes.

`home_template` is made once for all test workers; `home` is a copy of it for one test, `copy_of` copies it anywhere.
"""

import fcntl
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from peersupport.settings import home as home_settings
from tests.operations.installation import Installation, Started
from tests.services import free_port, wait_until

__all__ = ["home", "home_template"]

READY = re.compile(r"^Peer Support is ready (?:at|to) (\S+)$", re.MULTILINE)
PREPARE = "from operations.preparation import prepare; prepare()"
SETTINGS = {
    "PEERSUPPORT_SECRET_KEY": "only for tests: a secret key of fifty characters or more",
    "PEERSUPPORT_HOST_SECRET": "only for tests: a host secret of a home",
    "PEERSUPPORT_SITE_URL": "http://localhost:8901",
    "PEERSUPPORT_EMAIL_URL": "files",
    "PEERSUPPORT_FROM_EMAIL": "peer-support@example.org",
}


class Home(Installation):
    """An installation with production settings."""

    VARIABLE = home_settings.VARIABLE

    def make(self) -> None:
        """Make it without `setup`: settings for a trial, then keyring, tables and files."""
        self.folder.mkdir(mode=0o700, parents=True)
        self.set(**SETTINGS)
        self.run(PREPARE)

    @property
    def settings(self) -> dict[str, str]:
        """What settings.env says."""
        return home_settings.read(self.folder)

    def set(self, **variables: str | None) -> None:
        """Write these into settings.env; None takes a variable away."""
        home_settings.write(self.folder, variables)

    @contextmanager
    def serve(self, *arguments: str, port: int | None = None, longest_seconds: float = 100) -> Iterator["Served"]:
        """The installation, served: once it has printed that it is ready. Without a port at its own."""
        chosen = ["--port", str(port)] if port else []
        with self.process("manage.py", "serve", *chosen, *arguments) as (process, log):
            served = Served(self, process, log)
            is_over = wait_until(lambda: bool(served.address) or process.poll() is not None, seconds=longest_seconds)
            assert is_over and served.address, f"not ready: {served.output}"
            yield served


class Served(Started):
    """A running `serve`."""

    def __init__(self, home: Home, process: subprocess.Popen[bytes], log: Path) -> None:
        super().__init__(process, log)
        self.home = home

    @property
    def address(self) -> str:
        """Where it is ready, or "work." where it has no web side; empty until then. Without a slash at its end."""
        found = READY.search(self.output)
        return found[1].rstrip("/") if found else ""


@pytest.fixture(scope="session")
def home_template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A trial's home without accounts. Nothing runs in it: copy it, which costs a fiftieth of making it."""
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
