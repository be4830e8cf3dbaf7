"""The real command in a process of its own, and what it leaves."""

import re
import signal
from dataclasses import dataclass
from pathlib import Path

from tests.operations.installation import KILLED_AT, clean_environment, python

SITE = "https://peer.example.org"
PEOPLE = {
    "operator": "Sam Rivera <sam@example.org>",
    "coordinator": "Jo Park <jo@example.org>",
    "director": "Dr. Lee Moss <Lee@example.org>",
}
ANSWERS = {
    "site": SITE,
    "agency": "Example Police Department",
    "program": "Side by Side",
    "mail": "files",
    "time_zone": "America/New_York",
    **PEOPLE,
}
LINK = re.compile(r"^\s+(https?://\S+/invitation/\S+/)$", re.MULTILINE)
SETTINGS_WRITTEN = ("peersupport.settings.home", "write", 1)


@dataclass
class Done:
    status: int
    out: str
    err: str

    @property
    def links(self) -> list[str]:
        return LINK.findall(self.out)

    @property
    def private_keys(self) -> list[str]:
        return re.findall(r"AGE-SECRET-KEY-1\w+", self.out)


def flags(answers: dict[str, str]) -> list[str]:
    return [word for name, answer in answers.items() for word in (f"--{name.replace('_', '-')}", answer)]


def manage(*arguments: str, typed: str | None = None, program: tuple[object, ...] = ("manage.py",)) -> Done:
    done = python(*program, *arguments, environment=clean_environment(), typed=typed)
    return Done(done.returncode, done.stdout, done.stderr)


def setup(home: Path, *more: str, **answers: str) -> Done:
    return manage("setup", "--home", str(home), "--no-input", *flags(answers), *more)


def killed_setup(home: Path, step: tuple[str, str, int], *more: str, typed: str | None = None, **answers: str) -> Done:
    """The same, killed at a step: after that many calls of the function of the module. It asks if anything is typed."""
    module, name, times = step
    quiet = [] if typed else ["--no-input"]
    arguments = ("setup", "--home", str(home), *quiet, *flags(answers), *more)
    done = manage(*arguments, program=(KILLED_AT, f"{module}:{name}", times, "manage.py"), typed=typed)
    assert done.status == -signal.SIGKILL, done.err
    return done


def refused(home: Path, *more: str, **changed: str) -> str:
    """The one line of a setup that could not begin. It left nothing."""
    before = sorted(home.iterdir()) if home.is_dir() else None
    done = setup(home, *more, **{**ANSWERS, **changed})
    assert (done.status, done.out) == (2, ""), (done.out, done.err)
    assert done.err.count("\n") == 1 and "Traceback" not in done.err, done.err
    assert (sorted(home.iterdir()) if home.is_dir() else None) == before
    return done.err


def shell(home: Path, script: str) -> str:
    done = manage("shell", "--home", str(home), "-v", "0", "-c", script)
    assert done.status == 0, done.err
    return done.out.strip()


def everything(home: Path) -> dict[str, bytes]:
    """Every file of the home but the caches of its database."""
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }
