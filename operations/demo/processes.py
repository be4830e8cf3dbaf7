"""The demo's two processes, a web server and a worker with its beat: started, watched, and stopped."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Self

from django.conf import settings

from peersupport.core.errors import Refused

from .. import health
from ..processes import lock, start, stop

MAX_START_SECONDS = 90
# Each stalled client blocks one thread, so there are many.
BLOCKING_THREADS = 32


def lock_folder(folder: Path) -> contextlib.AbstractContextManager[None]:
    """One demo for each folder: two would take each other's worker for their own. Raises Refused."""
    return lock(
        folder / "demo.lock",
        sentence=f"a demo is already running in {folder}. Stop it first, or set PEERSUPPORT_VAR to another folder.",
    )


class RunningDemo:
    """Runs the processes for the length of a `with` block. A signal only sets `is_stopping`; the exit stops them."""

    def __init__(self, *, port: int, site_url: str) -> None:
        self.port = port
        self.is_stopping = False
        self._site_url = site_url
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._handlers_before: dict[int, object] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # started with nohup, to outlive its terminal
            self._handlers_before[number] = signal.signal(number, self._request_stop)
        health.forget_heartbeat()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "PEERSUPPORT_VAR": str(settings.VAR),
            "PEERSUPPORT_SITE_URL": self._site_url,
            # A demo in a container runs as root. It is a demo.
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        }
        for name, command in (("web server", self._web()), ("worker", self._worker())):
            # Errors go to stderr; stdout has only start-up messages.
            self._processes[name] = start(
                [sys.executable, "-m", *command], cwd=settings.BASE_DIR, env=environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes.values():
            process.terminate()
        with contextlib.suppress(Exception):  # a broken broker must not keep anything running
            self._wake_worker()
        stop(self._processes.values())
        for number, handler in self._handlers_before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def wait_until_ready(self) -> None:
        give_up_at = time.monotonic() + MAX_START_SECONDS
        while not self.is_stopping and not self._is_healthy():
            if ended := self._ended_by_itself():
                raise Refused(ended)
            if time.monotonic() > give_up_at:
                raise Refused(f"it was not ready after {MAX_START_SECONDS} seconds.")
            time.sleep(0.1)

    def wait_until_stopped(self) -> str:
        """Returns which process ended by itself; empty after a signal."""
        while not self.is_stopping:
            if ended := self._ended_by_itself():
                return ended
            time.sleep(0.1)
        return ""

    def _wake_worker(self) -> None:
        """Make it notice its signal: it checks only between two polls of the broker, up to two seconds apart."""
        from peersupport.celery import app

        for _ in range(2):
            app.send_task("operations.tasks.heartbeat", expires=5)
            time.sleep(0.3)

    def _request_stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def _ended_by_itself(self) -> str:
        for name, process in self._processes.items():
            if process.poll() is not None and not self.is_stopping:
                return f"the {name} ended by itself (code {process.returncode}). What it said is above."
        return ""

    def _is_healthy(self) -> bool:
        """Checks here first: until the worker is up, the web server would log each failed check as an error."""
        if not health.is_well(health.report()):
            return False
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=0.8)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _web(self) -> list[str]:
        return [
            "granian", "peersupport.wsgi:application", "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(self.port), "--blocking-threads", str(BLOCKING_THREADS), "--no-ws",
            "--log-level", "error",
        ]  # fmt: skip

    def _worker(self) -> list[str]:
        return [
            "celery", "--quiet", "--app", "peersupport.celery", "worker", "--beat", "--pool", "solo",
            "--loglevel", "WARNING", "--schedule", str(settings.VAR / "beat-schedule"),
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ]  # fmt: skip
