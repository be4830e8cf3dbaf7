"""A service that rings telephones, on this machine: it takes what is posted, or answers what it is told to."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class Receiver(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.rung: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        self.location = ""
        self.when_rung: Callable[[], None] = lambda: None
        self.kills_the_caller = False  # whose process id is then the address

    @property
    def server(self) -> str:
        return f"localhost:{self.server_port}"

    def address(self, who: str) -> str:
        return f"json://{self.server}/{who}"

    @property
    def whom(self) -> list[str]:
        return sorted(path.strip("/") for path, _ in self.rung)


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.status == 200:
            self.server.rung.append((self.path, said))
            self.server.when_rung()
        if self.server.kills_the_caller:
            os.kill(int(self.path.strip("/")), signal.SIGKILL)
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()

    def do_GET(self) -> None:
        self.server.rung.append((self.path, {}))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def allow(settings: Any, receiver: Receiver) -> None:
    """As if this were one of the agency's own servers."""
    settings.RINGING_SERVICES = {**settings.RINGING_SERVICES, "json": ("Receiver", "json://localhost/who")}
    settings.RINGING_SERVERS = [receiver.server]


@contextmanager
def receiving() -> Iterator[Receiver]:
    with Receiver() as receiver:
        Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield receiver
        receiver.shutdown()
