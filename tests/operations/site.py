"""A site in a temporary folder, with the demo's settings and real processes."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from operations.processes import start, stop
from tests.services import wait_until

ROOT = Path(__file__).resolve().parents[2]


class Site:
    def __init__(self, var: Path, **environment: str) -> None:
        self.var = var
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PEERSUPPORT", "DJANGO"))}
        self.environment = {
            **kept,
            "PEERSUPPORT_VAR": str(var),
            "DJANGO_SETTINGS_MODULE": "peersupport.settings.demo",
            "PYTHONDONTWRITEBYTECODE": "1",
            **environment,
        }

    def manage(self, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, text=True, capture_output=True, stdin=subprocess.DEVNULL, **options,
        )  # fmt: skip

    def run(self, script: str) -> str:
        """The output of a short script that is run inside the site."""
        done = self.manage("shell", "-v", "0", "-c", script, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows that the site's database answers. Faster than `run`, which has to start Django."""
        with closing(sqlite3.connect(self.var / "peersupport.sqlite3", timeout=20)) as database, database:
            return database.execute(statement).fetchall()

    @contextmanager
    def process(self, *command: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
        """A process of this site, stopped at the end of the block, and the file with all its output."""
        log = self.var.parent / f"{self.var.name}.log"
        with log.open("wb") as output:
            process = start(
                [sys.executable, *command],
                cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        try:
            yield process, log
        finally:
            stop([process])

    @contextmanager
    def demo(self, *arguments: str, port: int, longest_seconds: float = 120) -> Iterator["Demo"]:
        """The demo, once it has printed that it is ready."""
        with self.process("manage.py", "demo", "--port", str(port), *arguments) as (process, log):
            demo = Demo(self, process, log, port)
            is_over = wait_until(lambda: demo.is_ready or process.poll() is not None, seconds=longest_seconds)
            assert is_over and demo.is_ready, f"not ready: {demo.output}"
            yield demo

    def processes(self) -> list[int]:
        """Every running process of this site, recognized by the folder in its environment."""
        mark = f"PEERSUPPORT_VAR={self.var}\0".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                if mark in (folder / "environ").read_bytes() and state != "Z":
                    found.append(int(folder.name))
            except OSError:
                continue
        return found

    @property
    def mails(self) -> list[str]:
        files = sorted((self.var / "mail").glob("*.log"))  # those of one round stand in one file
        return [mail for file in files for mail in file.read_text().split("-" * 79 + "\n") if mail]

    @property
    def rings(self) -> list[str]:
        """Whose telephones were alerted, the earliest first."""
        files = sorted((self.var / "bells").glob("*"))
        return [file.read_text().partition("\n")[0].removeprefix("To: ") for file in files]


class Demo:
    def __init__(self, site: Site, process: subprocess.Popen[bytes], log: Path, port: int) -> None:
        self.site, self.process, self.log, self.port = site, process, log, port
        self.address = f"http://localhost:{port}"

    @property
    def output(self) -> str:
        return self.log.read_text()

    @property
    def is_ready(self) -> bool:
        return "Peer Support is ready" in self.output and "Ctrl-C stops everything" in self.output

    @property
    def receipt(self) -> str:
        return (self.site.var / "sample-receipt.txt").read_text().strip()

    def interrupt(self, number: int = signal.SIGINT) -> int:
        """Send this signal, wait for the end, and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(20)
