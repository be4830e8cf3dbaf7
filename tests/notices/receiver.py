"""A phone alert service on this machine: it accepts what is posted, or answers as it is told."""

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
        self.alerts: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        self.location = ""
        self.answer_is_lost = False
        self.on_alert: Callable[[], None] = lambda: None
        self.kills_the_caller = False  # the address is its process id

    @property
    def server(self) -> str:
        return f"localhost:{self.server_port}"

    def address(self, who: str) -> str:
        return f"json://{self.server}/{who}"

    @property
    def recipients(self) -> list[str]:
        return sorted(path.strip("/") for path, _ in self.alerts)


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        posted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.status == 200:
            self.server.alerts.append((self.path, posted))
            self.server.on_alert()
        if self.server.kills_the_caller:
            os.kill(int(self.path.strip("/")), signal.SIGKILL)
        if self.server.answer_is_lost:
            return
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()

    def do_GET(self) -> None:
        self.server.alerts.append((self.path, {}))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def allow(settings: Any, receiver: Receiver) -> None:
    """List the receiver as one of the agency's own servers."""
    settings.PHONE_ALERT_SERVICES = {**settings.PHONE_ALERT_SERVICES, "json": ("Receiver", "json://localhost/who")}
    settings.PHONE_ALERT_SERVERS = [receiver.server]


@contextmanager
def receiving() -> Iterator[Receiver]:
    with Receiver() as receiver:
        Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield receiver
        receiver.shutdown()
