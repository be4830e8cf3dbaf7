"""Many clients at once, which cost little: the client runs on the cores of the server that it measures.

Each worker is a thread, which takes half of what a process takes, and does one flow after the other until the time is
up. One flow is one officer's browser, with a connection of its own that is kept open to the flow's end.
"""

import http.client
import math
import socket
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import randrange
from threading import Barrier, Thread
from typing import Any, NamedTuple, Protocol

TIMEOUT_SECONDS = 60
FORM = "application/x-www-form-urlencoded"
FORM_SIZE = 8192  # what static/js/padding.js pads a short form to


class Failed(Exception):
    """An answer that isn't what a browser would get when all is well."""


class Answer(NamedTuple):
    status: int
    cookie: str
    body: bytes


class Client(Protocol):
    """A browser with one connection. `cookie` is what it sends with its next request."""

    def get(self, path: str, cookie: str = "") -> Answer: ...
    def post(self, path: str, form: bytes, cookie: str = "") -> Answer: ...
    def close(self) -> None: ...


class LeanClient:
    """Reads the status line, the length, the cookie and the body, and nothing else of the answer.

    Each comes from an address of its own: nginx slows down whoever sends too much from one.
    """

    def __init__(self, port: int) -> None:
        self.connection = socket.create_connection(
            ("127.0.0.1", port), timeout=TIMEOUT_SECONDS, source_address=(an_address(), 0)
        )
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.host = f"Host: localhost:{port}\r\n"
        self.origin = f"Origin: http://localhost:{port}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: {FORM}\r\n"

    def get(self, path: str, cookie: str = "") -> Answer:
        return self._ask(f"GET {path} HTTP/1.1\r\n{self.host}{_cookie_line(cookie)}\r\n".encode())

    def post(self, path: str, form: bytes, cookie: str = "") -> Answer:
        head = f"POST {path} HTTP/1.1\r\n{self.host}{self.origin}Content-Length: {len(form)}\r\n{_cookie_line(cookie)}"
        return self._ask(head.encode() + b"\r\n" + form)

    def close(self) -> None:
        self.connection.close()

    def _ask(self, request: bytes) -> Answer:
        self.connection.sendall(request)
        received = self._receive()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._receive()
        head, body = received[:end], received[end + 4 :]
        chunks, missing = [body], int(_header(head, b"content-length") or -1) - len(body)
        if missing < 0:
            raise Failed("an answer of unknown or wrong length")
        while missing > 0:
            chunks.append(self._receive())
            missing -= len(chunks[-1])
        return Answer(int(head[9:12]), _header(head, b"set-cookie").partition(b";")[0].decode(), b"".join(chunks))

    def _receive(self) -> bytes:
        received = self.connection.recv(65536)
        if not received:
            raise Failed("the server closed the connection")
        return received


class PlainClient:
    """Python's own http.client, as any script would use it."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("localhost", port, timeout=TIMEOUT_SECONDS)
        self.origin = {"Origin": f"http://localhost:{port}", "Sec-Fetch-Site": "same-origin", "Content-Type": FORM}

    def get(self, path: str, cookie: str = "") -> Answer:
        return self._ask("GET", path, None, {"Cookie": cookie} if cookie else {})

    def post(self, path: str, form: bytes, cookie: str = "") -> Answer:
        return self._ask("POST", path, form, self.origin | ({"Cookie": cookie} if cookie else {}))

    def close(self) -> None:
        self.connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return Answer(answer.status, answer.headers.get("Set-Cookie", "").partition(";")[0], answer.read())


@dataclass
class Load:
    """What came of a load: how long each flow took, in milliseconds, and what went wrong how often."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    def __iadd__(self, other: "Load") -> "Load":
        self.seconds += other.seconds
        self.times += other.times
        self.errors += other.errors
        return self

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    @property
    def p50(self) -> float:
        return statistics.median(self.times) if self.times else math.nan

    @property
    def p95(self) -> float:
        return percentile(self.times, 95)

    def figures(self) -> dict[str, Any]:
        return {
            "per_second": round(self.per_second, 1),
            "p50_ms": round(self.p50, 1),
            "p95_ms": round(self.p95, 1),
            "count": len(self.times),
            "errors": dict(self.errors),
        }


Flow = Callable[[int], object]


def at_once(workers: int, seconds: float, flow: Flow) -> Load:
    """Repeat the flow in so many workers for so long, after one flow each that isn't counted.

    flow: gets the number of the worker. Failed and errors of the connection are counted.
    """
    line = Barrier(workers)
    loads = [Load() for _ in range(workers)]
    threads = [Thread(target=_work, args=(number, seconds, flow, line, loads[number])) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = Load(seconds=max(load.seconds for load in loads))
    for load in loads:
        together.times += load.times
        together.errors += load.errors
    return together


def _work(number: int, seconds: float, flow: Flow, line: Barrier, load: Load) -> None:
    _one(number, flow, load)
    load.times.clear()
    line.wait()
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        _one(number, flow, load)
    load.seconds = time.perf_counter() - began


def _one(number: int, flow: Flow, load: Load) -> None:
    began = time.perf_counter()
    try:
        flow(number)
    except (Failed, OSError, http.client.HTTPException) as error:
        load.errors[str(error) or type(error).__name__] += 1
        time.sleep(0.05)  # a server that refuses is not worth a loop at full speed
    else:
        load.times.append(1000 * (time.perf_counter() - began))


def percentile(times: Iterable[float], percent: int) -> float:
    ordered = sorted(times)
    return ordered[math.ceil(percent / 100 * len(ordered)) - 1] if ordered else math.nan


def between(body: bytes, before: bytes, after: bytes) -> bytes:
    """What stands between these two. Raises Failed where they aren't there."""
    start = body.find(before)
    end = body.find(after, start + len(before))
    if start < 0 or end < 0:
        raise Failed(f"no {before.decode()} on the page")
    return body[start + len(before) : end]


def expect(answer: Answer, status: int, where: str) -> Answer:
    if answer.status != status:
        raise Failed(f"{where} answered {answer.status}")
    return answer


def padded(form: bytes) -> bytes:
    """The form in the length that a browser with the site's script sends."""
    return form + b"&padding=" + b"x" * (FORM_SIZE - len(form) - len(b"&padding="))


def an_address() -> str:
    """Some address of this machine: all of 127.0.0.0/8 are on Linux."""
    return f"127.{randrange(1, 255)}.{randrange(1, 255)}.{randrange(1, 255)}"


def _header(head: bytes, name: bytes) -> bytes:
    start = head.lower().find(b"\r\n" + name + b":")
    return head[start + len(name) + 3 :].partition(b"\r\n")[0].strip() if start >= 0 else b""


def _cookie_line(cookie: str) -> str:
    return f"Cookie: {cookie}\r\n" if cookie else ""


def rounds(seconds: float, kinds: Iterable[str]) -> list[tuple[str, float]]:
    """Which to measure for how long: in turn, there and back and again, so that other load and its drift hit each."""
    there = list(kinds)
    return [(kind, seconds / 4) for kind in (there + there[::-1]) * 2]
