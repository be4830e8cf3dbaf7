"""A site of its own under a temporary folder, with the demo's settings and real processes."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from peersupport.running.processes import start, stop

ROOT = Path(__file__).resolve().parents[2]


class Site:
    def __init__(self, var: Path, **surroundings: str) -> None:
        self.var = var
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PEERSUPPORT", "DJANGO"))}
        self.surroundings = {
            **kept,
            "PEERSUPPORT_VAR": str(var),
            "DJANGO_SETTINGS_MODULE": "peersupport.settings.demo",
            "PYTHONDONTWRITEBYTECODE": "1",
            **surroundings,
        }

    def manage(self, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.surroundings, text=True, capture_output=True, stdin=subprocess.DEVNULL, **options,
        )  # fmt: skip

    def run(self, script: str) -> str:
        """What a script of a few lines prints, run inside the site."""
        done = self.manage("shell", "-v", "0", "-c", script, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def set_up(self) -> "Site":
        for command in (["migrate", "-v", "0"], ["createcachetable"]):
            done = self.manage(*command, timeout=120)
            assert done.returncode == 0, done.stderr
        return self

    @contextmanager
    def process(self, *command: str):
        """A process of this site that is gone afterwards; yields it and the file with what it said."""
        log = self.var / "process.log"
        with log.open("wb") as output:
            process = start(
                [sys.executable, *command],
                cwd=ROOT, env=self.surroundings, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        try:
            yield process, log
        finally:
            stop([process])

    @property
    def mails(self) -> list[str]:
        return [file.read_text() for file in sorted((self.var / "mail").glob("*"))]
