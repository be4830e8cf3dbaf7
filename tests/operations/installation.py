"""One installation in a folder, and its real processes: what a home and the demo's site have in common."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from operations.processes import start, stop

ROOT = Path(__file__).resolve().parents[2]
KILLED_AT = Path(__file__).with_name("killed_at.py")
LONGEST_SECONDS = 120
Done = subprocess.CompletedProcess[str]


def clean_environment(**more: str) -> dict[str, str]:
    """The tests' own, without what says which installation a process is about, or that it compiles the program anew."""
    dropped = ("PEERSUPPORT", "DJANGO", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)} | more


def python(
    *command: object, environment: Mapping[str, str], cwd: Path = ROOT, typed: str | None = None,
    timeout: float = LONGEST_SECONDS,
) -> Done:  # fmt: skip
    """Run Python to its end. Whoever asks reads what is typed, or finds that the input has ended."""
    return subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=cwd, env=environment, text=True, capture_output=True, timeout=timeout, check=False,
        **({"stdin": subprocess.DEVNULL} if typed is None else {"input": typed}),
    )  # fmt: skip


class Installation:
    """What is done with it as its operator does it: by commands. `root` is where the program is."""

    VARIABLE = ""  # names the folder in the environment of each process
    enter: tuple[str, ...] = ()  # what the command of a `process` begins with, such as that it runs on another host

    def __init__(self, folder: Path, *, root: Path = ROOT, **environment: str) -> None:
        self.folder, self.root = folder, root
        self.environment = clean_environment(**{self.VARIABLE: str(folder)}, **environment)

    def manage(self, *arguments: object, **options: Any) -> Done:
        return self.python("manage.py", *arguments, **options)

    def python(self, *command: object, environment: Mapping[str, str] | None = None, **options: Any) -> Done:
        """Run Python in it; `environment` is added."""
        return python(*command, environment={**self.environment, **(environment or {})}, cwd=self.root, **options)

    def killed_at(self, step: str, *arguments: object, times: int = 1, **options: Any) -> Done:
        """The same as `manage`, killed once the function (module:name) has been called so many times."""
        done = self.python(KILLED_AT, step, times, "manage.py", *arguments, **options)
        assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr
        return done

    def run(self, script: str) -> str:
        """The output of a short script that is run inside it."""
        done = self.manage("shell", "-v", "0", "-c", script)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows that its database answers. Faster than `run`, which has to start Django."""
        with closing(sqlite3.connect(self.database, timeout=20)) as database, database:
            return database.execute(statement).fetchall()

    def content(self) -> list[str]:
        """Every row and every table of its database."""
        with closing(sqlite3.connect(self.database)) as database:
            return list(database.iterdump())

    @property
    def database(self) -> Path:
        return self.folder / "peersupport.sqlite3"

    @contextmanager
    def process(
        self, *command: str, seconds_to_stop: float = 15, log_name: str = ""
    ) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
        """A process of it, stopped at the end of the block, and the file with all its output.

        log_name: where several run at once.
        """
        log = self.folder.parent / f"{log_name or self.folder.name}.log"
        with log.open("wb") as output:
            process = start(
                [*self.enter, sys.executable, *command],
                cwd=self.root, env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        try:
            yield process, log
        finally:
            stop([process], seconds=seconds_to_stop)

    def processes(self, word: str = "") -> list[int]:
        """Every running process of it with this word in its command line. nginx overwrites its environment."""
        mark = f"{self.VARIABLE}={self.folder}\0".encode()
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


class Started:
    """A running process of an installation, and all that it has printed."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self.log = process, log

    @property
    def output(self) -> str:
        return self.log.read_text()

    def interrupt(self, number: int = signal.SIGTERM, *, seconds: float = 20) -> int:
        """Send this signal, wait for the end, and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(seconds)
