"""The demo's two children, a web server and a worker with its beat: forked, watched, and stopped.

They go on from what this process has loaded, and load nothing again: docs/decisions/0790-one-load-for-all-processes.md.
"""

import contextlib
import gc
import http.client
import os
import signal
import time
import warnings
from pathlib import Path
from types import FrameType
from typing import Self

from django.db import connections

from peersupport.core.errors import Refused

from .. import health, queries
from ..processes import Fork, lock, stop

MAX_START_SECONDS = 90
# Each stalled client blocks one thread, so there are many.
BLOCKING_THREADS = 8


def lock_folder(folder: Path) -> contextlib.AbstractContextManager[None]:
    """One demo for each folder: two would take each other's worker for their own. Raises Refused."""
    return lock(
        folder / "demo.lock",
        sentence=f"a demo is already running in {folder}. Stop it first, or set PEERSUPPORT_VAR to another folder.",
    )


class RunningDemo:
    """Runs the processes for the length of a `with` block. A signal only sets `is_stopping`; the exit stops them."""

    def __init__(self, *, port: int) -> None:
        self.port = port
        self.is_stopping = False
        self._processes: dict[str, Fork] = {}
        self._handlers_before: dict[int, object] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # started with nohup, to outlive its terminal
            self._handlers_before[number] = signal.signal(number, self._request_stop)
        self._earlier_heartbeat = queries.last_heartbeat()
        connections.close_all()
        gc.freeze()  # or the children's collector would copy every page that they share
        for name, run in (("web server", self._serve), ("worker", _work)):
            self._processes[name] = Fork(name, run)
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
        if not health.is_well(health.report(earlier_heartbeat=self._earlier_heartbeat)):
            return False
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=0.8)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _serve(self) -> None:
        from granian import Granian
        from granian.constants import Interfaces
        from granian.log import LogLevels

        import peersupport.wsgi  # noqa: F401  # here, and its processes need not

        Granian(
            "peersupport.wsgi:application", interface=Interfaces.WSGI, address="127.0.0.1", port=self.port,
            workers=os.cpu_count() or 1, blocking_threads=BLOCKING_THREADS, websockets=False,
            log_level=LogLevels.error,
        ).serve()  # fmt: skip


def _work() -> None:
    from peersupport.celery import app

    # A demo in a container runs as root. It is a demo.
    warnings.filterwarnings("ignore", "You're running the worker with superuser privileges")
    app.worker_main([
        "worker", "--beat", "--pool", "solo", "--loglevel", "WARNING",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ])  # fmt: skip
