"""Real homes for tests and the bench: folders and processes. Imports no Django."""

import os
import signal
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pyrage
from pyrage import x25519

from peersupport.settings import home as home_settings

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = {
    "PEERSUPPORT_SECRET_KEY": "only for tests: a secret key of fifty characters or more",
    "PEERSUPPORT_HOST_SECRET": "only for tests: a host secret of a home",
    "PEERSUPPORT_SITE_URL": "http://localhost:8901",
    "PEERSUPPORT_EMAIL_URL": "smtp+tls://mailer:a-mail-password@mail.example.org:587",
    "PEERSUPPORT_FROM_EMAIL": "peer-support@example.org",
}
# Runs manage.py until one function has returned, and kills itself there.
KILLED = """
import os, runpy, signal, sys
last = sys.argv.pop(1)
def watch(frame, event, _):
    if event == "return" and frame.f_code.co_qualname == last and "/operations/backup/" in frame.f_code.co_filename:
        os.kill(os.getpid(), signal.SIGKILL)
sys.argv[0] = "manage.py"
sys.setprofile(watch)
runpy.run_path("manage.py", run_name="__main__")
"""


def members_of(file: Path, private: str) -> dict[str, bytes]:
    """What is in a file of a backup, as anybody with the key could open it."""
    plain = pyrage.decrypt(file.read_bytes(), [x25519.Identity.from_str(private)])
    with tarfile.open(fileobj=BytesIO(plain)) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar}


class RealHome:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PEERSUPPORT", "DJANGO"))}
        self.environment = {**kept, "PYTHONDONTWRITEBYTECODE": "1", home_settings.VARIABLE: str(folder)}

    def manage(self, *arguments: object, code: tuple[str, ...] = ("manage.py",)) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *code, *map(str, arguments)],
            cwd=ROOT, env=self.environment, text=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip

    def killed_after(self, function: str, *arguments: object) -> None:
        done = self.manage(*arguments, code=("-c", KILLED, function))
        assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr

    def run(self, script: str) -> str:
        done = self.manage("shell", "-v", "0", "-c", script)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def rows(self) -> list[str]:
        with closing(sqlite3.connect(self.folder / "peersupport.sqlite3")) as database:
            return list(database.iterdump())
