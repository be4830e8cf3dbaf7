"""PostgreSQL and Redis, started for the tests and stopped again; nothing is left behind.

To run any command with both:

    .venv/bin/python -m tests.services .venv/bin/pytest -n 0 tests/races
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest

from operations.processes import start, stop

DATABASE = "PEERSUPPORT_TEST_DATABASE_URL"
REDIS = "PEERSUPPORT_TEST_REDIS_URL"
AGAIN = "on PostgreSQL and Redis"
NEEDS_POSTGRESQL = "needs PostgreSQL"
NEEDS_REDIS = "needs Redis"
NEEDS_BROWSER = "needs a browser"
NEEDS_WHOLE_BROWSER = "needs all of Chromium"
NEEDS_GETTEXT = "needs GNU gettext"
NEEDS_NGINX = "needs nginx"
NEEDS_SYSTEMD = "needs systemd-analyze"
NEEDS_AGE = "needs age"
NEEDS_IP = "needs iproute2"
NEEDS_CADDY = "needs Caddy"
NEEDS_COMPOSE = "needs docker-compose"
NEEDS_MOUNT = "needs to mount a small disk"
HOW_TO_GET = {
    NEEDS_POSTGRESQL: "apt-get install postgresql",
    NEEDS_REDIS: "apt-get install redis-server",
    NEEDS_BROWSER: "apt-get install chromium-headless-shell, or set PEERSUPPORT_CHROMIUM to one",
    NEEDS_WHOLE_BROWSER: "apt-get install chromium",
    NEEDS_GETTEXT: "apt-get install gettext",
    NEEDS_NGINX: "apt-get install nginx-light",
    NEEDS_SYSTEMD: "apt-get install systemd",
    NEEDS_AGE: "apt-get install age",
    NEEDS_IP: "apt-get install iproute2",
    NEEDS_CADDY: "apt-get install caddy",
    NEEDS_COMPOSE: "apt-get install --no-install-recommends docker-compose",
}


class Missing(pytest.skip.Exception):
    """A program that a test needs isn't installed on this machine: the test is skipped."""


def find(program: str, reason: str) -> str:
    """The path of the program; Debian installs PostgreSQL's outside PATH. Raises Missing."""
    found = shutil.which(program) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)), None
    )
    if found is None:
        raise Missing(reason)
    return found


def find_browser(*, keeps_pages: bool = False) -> str:
    """keeps_pages: with a back/forward cache, as in people's own browsers; the faster headless shell has none."""
    chosen = os.environ.get("PEERSUPPORT_CHROMIUM")
    whole = ["chromium", "chromium-browser", "google-chrome"]
    names = [chosen] if chosen else whole if keeps_pages else ["chromium-headless-shell", *whole]
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        raise Missing(NEEDS_WHOLE_BROWSER if keeps_pages else NEEDS_BROWSER)
    return found


def _unprivileged_user() -> pwd.struct_passwd | None:
    """The user to run PostgreSQL as, which refuses to run as root; None for the present user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Missing(NEEDS_POSTGRESQL)


def _publicly_reachable_folder() -> Path:
    """A new folder whose parents anybody may enter; the default folder for temporary files may be private."""
    for parent in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):
        if all(folder.stat().st_mode & 0o001 for folder in [parent, *parent.resolve().parents]):
            return Path(tempfile.mkdtemp(prefix="peersupport-pg-", dir=parent))
    raise Missing(NEEDS_POSTGRESQL)


class PostgreSQL:
    """A throwaway server, reached through a socket in its own folder. `folder` is gone when the block ends.

    configuration: lines of postgresql.conf. address: one of this machine's, at which other hosts reach it.
    """

    # Without the rest of the environment: PGDATA, PGPORT and the like would redirect it.
    ENVIRONMENT: ClassVar = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
    FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nshared_buffers = 64MB\n"

    def __init__(self, configuration: str = FAST, address: str = "") -> None:
        self._initdb, self._server = find("initdb", NEEDS_POSTGRESQL), find("postgres", NEEDS_POSTGRESQL)
        user = _unprivileged_user()
        self._run_as: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        self._configuration, self._address = configuration, address
        self.folder = _publicly_reachable_folder()
        if user:
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.data, self.log = self.folder / "data", self.folder / "log"

    def __enter__(self) -> Self:
        try:
            command = [self._initdb, "-D", str(self.data), "-A", "trust", "-U", "tests", "-E", "UTF8", "--locale=C"]
            subprocess.run(
                [*command, "--no-sync"],
                check=True, capture_output=True, cwd=self.folder, env=self.ENVIRONMENT, **self._run_as,
            )  # fmt: skip
            with (self.data / "postgresql.conf").open("a") as file:
                file.write(f"{self._configuration}\nlisten_addresses = '{self._address}'\n")
                file.write(f"unix_socket_directories = '{self.folder}'\nmax_connections = 60\n")
            with (self.data / "pg_hba.conf").open("a") as rules:
                rules.write("host all all samenet trust\n")
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "_process"):
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        with self.log.open("ab") as output:
            self._process = start(
                [self._server, "-D", str(self.data)], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                cwd=self.folder, env=self.ENVIRONMENT, **self._run_as,
            )  # fmt: skip
        if not wait_until(lambda: _answers(self.folder), seconds=30):
            raise RuntimeError(f"PostgreSQL did not start: {self.log.read_text()}")

    def stop(self) -> None:
        """Fast: without waiting for clients."""
        self._process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        stop([self._process])

    def value_of(self, setting: str, *options: str) -> str:
        """What a server with this data and these options would take for it, without a start."""
        command = [self._server, "-C", setting, "-D", str(self.data), *options]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, cwd=self.folder, env=self.ENVIRONMENT, **self._run_as
        )
        return done.stdout.strip()

    def url(self, database: str = "postgres", user: str = "tests") -> str:
        where = self._address or f"//{str(self.folder).lstrip('/')}"
        return f"postgresql://{user}@{where}/{database}"

    def psql(self, *arguments: str, database: str = "postgres", user: str = "tests") -> str:
        """What psql prints, without headings. Raises CalledProcessError at the first error."""
        command = [find("psql", NEEDS_POSTGRESQL), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        where = ["-h", str(self.folder), "-U", user, "-d", database]
        done = subprocess.run([*command, *where, *arguments], check=True, capture_output=True, text=True)
        return done.stdout.strip()


@contextlib.contextmanager
def postgresql(address: str = "", *, is_durable: bool = False) -> Iterator[str]:
    """The URL of an empty throwaway database.

    address: one of this machine's, at which other hosts reach it. is_durable: it waits for the disk, as in real use.
    """
    with PostgreSQL("" if is_durable else PostgreSQL.FAST, address) as server:
        yield server.url()


def _answers(folder: Path) -> bool:
    import psycopg

    try:
        psycopg.connect(host=str(folder), user="tests", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def redis(address: str = "127.0.0.1") -> Iterator[str]:
    """The URL of an empty throwaway Redis that writes nothing to disk."""
    server = find("redis-server", NEEDS_REDIS)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="peersupport-redis-") as folder:
        options = [
            "--port",
            str(port),
            "--bind",
            address,
            "--protected-mode",
            "no",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder,
        ]
        process = start([server, *options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            if not wait_until(lambda: _listens(port, address), seconds=20):
                raise RuntimeError("Redis did not start")
            yield f"redis://{address}:{port}/0"
        finally:
            stop([process])


def _listens(port: int, address: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0


def wait_until(ready: Callable[[], bool], *, seconds: float, every: float = 0.1) -> bool:
    """Whether it became ready in time. Asks every so many seconds."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if ready():
            return True
        time.sleep(every)
    return ready()


def main(command: list[str]) -> int:
    with postgresql() as database_url, redis() as redis_url:
        environment = {**os.environ, DATABASE: database_url, REDIS: redis_url}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
