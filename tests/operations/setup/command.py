"""The real command in a process of its own, and what it leaves."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SITE = "https://peer.example.org"
PEOPLE = {
    "operator": "Sam Rivera <sam@example.org>",
    "coordinator": "Jo Park <jo@example.org>",
    "director": "Dr. Lee Moss <Lee@example.org>",
}
ANSWERS = {"site": SITE, "agency": "Example Police Department", "program": "Side by Side", "mail": "files", **PEOPLE}
LINK = re.compile(r"^\s+(https?://\S+/invitation/\S+/)$", re.MULTILINE)
# Kills the process as soon as the named function was called so many times, as if the machine stopped there.
KILLED = """
import importlib, os, runpy, signal, sys
import django, django.core.management as management
module, name, left = sys.argv[1], sys.argv[2], int(sys.argv[3])
sys.argv = ["manage.py", *sys.argv[4:]]
def prepare_to_die():
    global left, name
    owner = importlib.import_module(module)
    *path, name = name.split(".")
    for part in path:
        owner = getattr(owner, part)
    original = getattr(owner, name)
    def until_here(*args, **kwargs):
        global left
        result = original(*args, **kwargs)
        left -= 1
        if not left:
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(owner, name, until_here)
if module in ("peersupport.settings.home", "operations.backup.keys"):
    prepare_to_die()
else:
    run = management.execute_from_command_line
    management.execute_from_command_line = lambda arguments: (django.setup(), prepare_to_die(), run(arguments))
runpy.run_path("manage.py", run_name="__main__")
"""
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


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PEERSUPPORT", "DJANGO"))}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1"}


def flags(answers: dict[str, str]) -> list[str]:
    return [word for name, answer in answers.items() for word in (f"--{name.replace('_', '-')}", answer)]


def manage(*arguments: str, typed: str | None = None, program: tuple[str, ...] = ("manage.py",)) -> Done:
    done = subprocess.run(
        [sys.executable, *program, *arguments],
        cwd=ROOT, env=environment(), text=True, capture_output=True, timeout=120,
        **({"input": typed} if typed is not None else {"stdin": subprocess.DEVNULL}),
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)


def setup(home: Path, *more: str, **answers: str) -> Done:
    return manage("setup", "--home", str(home), "--no-input", *flags(answers), *more)


def killed_setup(home: Path, step: tuple[str, str, int], *more: str, typed: str | None = None, **answers: str) -> Done:
    """The same, killed at a step: after that many calls of the function of the module. It asks if anything is typed."""
    quiet = [] if typed else ["--no-input"]
    arguments = (*map(str, step), "setup", "--home", str(home), *quiet, *flags(answers), *more)
    done = manage(*arguments, program=("-c", KILLED), typed=typed)
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
