"""What the tests of faults run and break: a Redis that comes back, a launched home, a web server, browsers."""

import http.client
import json
import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from redis import Redis

from operations.processes import start, stop
from tests import services
from tests.bench.load import PlainClient
from tests.bench.submissions import WORD, submit
from tests.operations.home import Home
from tests.operations.installation import KILLED_AT, ROOT, Installation
from tests.services import free_port, wait_until

PASSWORD = "a quiet word at night"  # as tests/cast.py has it
TEAM = """
from peersupport.access.permissions import Role
from peersupport.program import queries as program
from peersupport.program.models import CrisisLinesConfirmation, Launch
from peersupport.sealing import envelope
from stats.actions import open_current_year
from tests.cast import make_member, make_user
envelope.PASSWORD_MEMORY_KIB = 64
confirmed = {"confirmed_on": "2026-01-01", "lines_digest": program.crisis_lines_digest()}
CrisisLinesConfirmation.objects.create(pk=1, **confirmed)
Launch.objects.create(pk=1, launched_on="2026-01-01")
coordinator = make_user("Carla Coordinator", Role.COORDINATOR)
for name in ("Ana Alvarez", "Ben Brandt"):
    make_member(name, confirmed_by=coordinator)
"""
URGENT = "SELECT count(*) FROM notices_notice WHERE is_urgent"
REQUESTS = "SELECT count(*) FROM requests_app_request"


def launch(home: Home) -> Home:
    """With two members who are on call, and a coordinator."""
    home.run(TEAM)
    return home


class OwnRedis:
    """A Redis at one port, which can be killed and started again: empty, as it keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self._program = services.find("redis-server", services.NEEDS_REDIS)
        self._folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = start([self._program, *options, "--dir", str(self._folder)], stdout=-3)
        assert wait_until(lambda: listens(self.port), seconds=20)

    def client(self) -> Redis:
        return Redis.from_url(self.url)

    def kill(self) -> None:
        stop([self.process], seconds=0)
        assert wait_until(lambda: not listens(self.port), seconds=10)


@contextmanager
def own_redis(folder: Path) -> Iterator[OwnRedis]:
    redis = OwnRedis(folder)
    try:
        yield redis
    finally:
        redis.kill()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def web_server(site: Installation, port: int, *, killed_at: str = "") -> Iterator[None]:
    """The web server of `serve` with one process. killed_at: the function (module:name) after which it is killed."""
    program = [str(KILLED_AT), killed_at, "1"] if killed_at else []
    options = ["--interface", "wsgi", "--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    process = start(
        [sys.executable, *program, str(ROOT / "operations" / "serve" / "web.py"), "peersupport.wsgi:application",
         *options, "--no-ws", "--log-level", "error"],
        cwd=ROOT, env={**site.environment, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        assert wait_until(lambda: listens(port) or process.poll() is not None, seconds=60) and process.poll() is None
        yield
    finally:
        stop([process], seconds=5)


class Browser:
    """Keeps cookies, and sends forms as a page of ours does."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, dict[str, str]()

    def ask(self, path: str, typed: dict[str, str] | None = None) -> tuple[int, str]:
        origin = {"Origin": f"http://localhost:{self.port}", "Sec-Fetch-Site": "same-origin"}
        headers = {**origin, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if typed is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("localhost", self.port, timeout=30)) as line:
            line.request("GET" if typed is None else "POST", path, urlencode(typed) if typed else None, headers)
            answer = line.getresponse()
            page = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, page

    def sign_in(self, email: str, password: str = PASSWORD) -> int:
        """302 where the password was taken."""
        _, page = self.ask("/sign-in/")
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
        return self.ask("/sign-in/", {"csrfmiddlewaretoken": token, "login": email, "password": password})[0]

    def health(self) -> dict[str, str]:
        return dict(json.loads(self.ask("/healthz")[1]))


def receipt_on(page: str) -> str:
    """The seven words; empty where there are none."""
    _, _, rest = page.partition('id="receipt"')
    return " ".join(word.decode() for word in WORD.findall(rest.partition("</p>")[0].encode()))


def send_request(port: int) -> str:
    """As an officer's browser does. Returns the seven words."""
    with closing(PlainClient(port)) as officer:
        return submit(officer)


def kill(*processes: int) -> None:
    for process in processes:
        os.kill(process, signal.SIGKILL)
