"""The whole anonymous flow: the form, the press of Send, the seven words. Beside it what a bare Django view does."""

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from operations.processes import start, stop
from tests import services
from tests.bench.builds import HERE, Served
from tests.bench.load import Client, Failed, Flow, LeanClient, Load, at_once, between, expect, padded, rounds

AT_ONCE = 8
BLOCKING_THREADS = 8  # as the demo has in each process
TYPED = {
    "proof": "", "program_word": "", "urgency": "today", "concern": "", "wanted": "", "anyone_else": "on",
    "message": "I have not slept through since I went to nights. I would like to talk to somebody. " * 4,
    "contact": "", "not_unit": "", "kind": "", "gender": "", "language": "", "understood": "on",
}  # fmt: skip
FORM = urlencode(TYPED).encode()
BARE_FORM = urlencode(dict.fromkeys([f"field_{number}" for number in range(20)], "I have not slept.")).encode()
WORD = re.compile(rb"<span>([a-z]+)</span>")


def submit(client: Client) -> str:
    """Send a request as an officer's browser does. Returns the seven words."""
    form = expect(client.get("/request/"), 200, "the form").body
    token = between(form, b'name="token" value="', b'"')
    answer = expect(client.post("/request/", padded(b"token=" + token + b"&" + FORM)), 200, "Send")
    words = WORD.findall(between(answer.body, b'id="receipt"', b"</p>"))
    if len(words) != 7:
        raise Failed(f"{len(words)} words in the receipt")
    return b" ".join(words).decode()


def send_bare(client: Client) -> None:
    expect(client.get("/"), 200, "the bare form")
    between(expect(client.post("/", BARE_FORM), 200, "the bare view").body, b'id="sent"', b"</p>")


def served(name: str) -> str:
    """The name of a build's home beside its demo."""
    return f"{name}, as `serve` runs it"


def measure(servers: dict[str, Served], folder: Path, seconds: float) -> dict[str, dict[str, Any]]:
    """By name of the server, and "bare": the bare view has the web server of the present build's demo."""
    with bare_view(servers["now"], folder) as bare_server:
        servers = {**servers, "bare": bare_server}
        loads = {name: Load() for name in servers}
        for name, slice_seconds in rounds(seconds, servers):
            flow = _flow_on(servers[name].port, send_bare if name == "bare" else submit)
            with servers[name].alone(list(servers.values())):
                loads[name] += at_once(AT_ONCE, slice_seconds, flow)
    return {name: load.figures() for name, load in loads.items()}


def _flow_on(port: int, send: Callable[[Client], object]) -> Flow:
    def flow(_worker: int) -> None:
        with contextlib.closing(LeanClient(port)) as client:
            send(client)

    return flow


@contextlib.contextmanager
def bare_view(demo: Served, folder: Path) -> Iterator[Served]:
    """The bare view on a web server like this demo's, with as many processes and threads."""
    port, processes = services.free_port(), len(demo.web_processes())
    command = [
        sys.executable, "-m", "granian", "tests.bench.bare:application", "--interface", "wsgi", "--no-ws",
        "--host", "127.0.0.1", "--port", str(port), "--workers", str(processes),
        "--blocking-threads", str(BLOCKING_THREADS), "--log-level", "error",
    ]  # fmt: skip
    where = {"PYTHONPATH": str(HERE), "PEERSUPPORT_BENCH_FOLDER": str(folder)}
    process = start(
        command, cwd=HERE, env={**os.environ, **where},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        if not services.wait_until(lambda: services._listens(port), seconds=30):
            raise RuntimeError("the bare view did not start")
        time.sleep(0.5)
        yield Served(port, process)
    finally:
        stop([process])
