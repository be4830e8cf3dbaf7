"""The supervised tree: front, web processes, worker and beat, from the start until a signal."""

import logging
import math
import secrets
import selectors
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, Self

from django.db import Error, connection

from peersupport.core.errors import Refused
from peersupport.settings import home as home_settings
from peersupport.settings import logs

from .. import health, queries
from . import children, front, readiness
from .child import Child
from .domain.held_back import HeldBack
from .domain.listening import Listening

logger = logging.getLogger(__name__)
FRONT, WEB, WORKER, BEAT = "front", "web", "worker", "beat"
MAX_START_SECONDS = 90
MAX_RELOAD_SECONDS = 60
SECONDS_CONNECTED = 15
# From SIGTERM to the end: an answer has front.DRAIN_SECONDS, a task CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT.
# What hears no signal by then, such as a wait for a locked database, is killed without its parent, which then hands
# the task back.
KILL_TASKS_SECONDS, KILL_SECONDS = 8.5, 12.0
# After a reload nobody waits: a worker's last task may take so long.
LAST_TASK_SECONDS = 300.0
HOLD_BACK_SECONDS = 30 * 60  # at each full and each half hour, what was held back is written


@dataclass
class Retiring:
    """A child that another has replaced, and the signals that it still gets: when, and which."""

    child: Child
    signals: list[tuple[float, int]]


class Tree:
    """Runs for the length of a `with` block; signals only set `is_stopping` and `is_to_reload`."""

    def __init__(
        self,
        home: Path,
        *,
        port: int | None,
        hosts: list[str],
        has_front: bool,
        only: str | None = None,
        hold_back_seconds: int = HOLD_BACK_SECONDS,
    ) -> None:
        """only: WEB or WORKER, where other hosts run the other; None for all of it."""
        self.is_stopping = self.is_to_reload = False
        self._home, self._port, self._hosts = home, port, hosts
        self._has_web, self._has_worker = only != WORKER, only != WEB
        self._has_front = has_front and self._has_web
        self._selector = selectors.DefaultSelector()
        self._environment = children.environment(home, mark=f"{secrets.token_hex(16)} ", has_front=self._has_front)
        self._generation = 1
        self._children: dict[str, Child] = {}
        self._retiring: list[Retiring] = []
        self._held_back = HeldBack(hold_back_seconds)
        self._connected_at = -math.inf

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_signal)
        (self._home / "run").mkdir(mode=0o700, exist_ok=True)
        (self._home / "run").chmod(0o700)
        (self._home / "run" / "tmp").mkdir(mode=0o700, exist_ok=True)
        self._earlier_heartbeat = queries.last_heartbeat()
        if self._has_front:
            self._write_front()
            self._children[FRONT] = self._child(FRONT, children.nginx(self._home))
        if self._has_web:
            self._children[WEB] = self._web()
        if self._has_worker:
            self._children[WORKER] = self._worker()
            self._children[BEAT] = self._child(BEAT, children.beat())
        return self

    def __exit__(self, *_: object) -> None:
        self._drain()

    @property
    def listening(self) -> Listening:
        return front.listening_of(home_settings.environment(), self._port)

    @property
    def site(self) -> str:
        return home_settings.environment()["PEERSUPPORT_SITE_URL"].rstrip("/")

    def wait_until_ready(self, *, waits_for_worker: bool) -> None:
        """Raises Refused if it isn't in time. waits_for_worker: whether pages without one are not enough."""
        found: dict[str, str] | None = None

        def is_ready() -> bool:
            nonlocal found
            if waits_for_worker and not self._worker_ready.exists():
                return False
            if not self._has_web:
                return self._children[WORKER].has_children()
            # Asked here first: the web processes would log each answer of 503 as an error.
            report = health.report(earlier_heartbeat=self._earlier_heartbeat)
            if waits_for_worker and report.get("worker") != health.OK:
                return False
            found = readiness.problems(self.listening, self.site)
            return found is not None and not set(found) & set(vital)

        vital = readiness.VITAL if waits_for_worker else readiness.VITAL_WITHOUT_WORKER
        if not self._wait(is_ready, MAX_START_SECONDS) and not self.is_stopping:
            raise Refused(f"it was not ready after {MAX_START_SECONDS} seconds. {self._why(found)}")
        if self._has_web:
            self._children[WEB].has_visitors = True
        for part, code in (found or {}).items():
            logger.error("something is not well: run doctor", extra={"codes": {"part": part, "code": code}})

    def run(self) -> None:
        """Until a signal says to stop."""
        while not self.is_stopping:
            self._tick()
            if self.is_to_reload:
                self.is_to_reload = False
                self._reload()

    # The children

    def _child(self, name: str, command: list[str], before_start: Callable[[], None] = lambda: None) -> Child:
        return Child(
            name, command, home=self._home, environment=self._environment, selector=self._selector,
            held_back=self._held_back, before_start=before_start,
        )  # fmt: skip

    def _worker(self) -> Child:
        """It says by a file that it has begun to listen: see peersupport/celery.py."""
        return self._child(WORKER, children.worker(), lambda: self._worker_ready.unlink(missing_ok=True))

    @property
    def _worker_ready(self) -> Path:
        return self._home / children.WORKER_READY

    def _web(self) -> Child:
        if self._has_front:
            socket = self._socket
            left_over = self._home / socket
            return self._child(
                WEB, children.web(*children.at_socket(socket)), lambda: left_over.unlink(missing_ok=True)
            )
        certificate, key = front.certificate_files(home_settings.environment())
        host = "::" if "::" in self._hosts else self._hosts[0]  # at :: it hears IPv4 too
        return self._child(WEB, children.web(*children.at_port(self.listening.port, host, certificate, key)))

    @property
    def _socket(self) -> str:
        return f"run/web-{self._generation}.sock"

    def _write_front(self) -> None:
        """Raises Refused, and leaves the old configuration, if nginx doesn't take it."""
        found = front.front_of(home_settings.environment(), hosts=self._hosts, port=self._port, socket=self._socket)
        front.write_configuration(self._home, found)

    # The loop

    def _tick(self, seconds: float = 0.1) -> None:
        """Read what the children say, start those that ended, and go on with those that are leaving."""
        self._read(seconds)
        for child in self._children.values():
            child.keep_up()
        self._go_on_retiring()
        self._stay_connected()
        self._write(self._held_back.take_over(time.time()))

    def _stay_connected(self) -> None:
        """So that an upgrade on another host sees that this one serves, even where nobody visits it."""
        if connection.vendor != "postgresql" or time.monotonic() < self._connected_at + SECONDS_CONNECTED:
            return
        self._connected_at = time.monotonic()
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except Error:
            connection.close()

    @staticmethod
    def _write(held_back: list[tuple[int, int, dict[str, Any]]]) -> None:
        for began, ended, fields in held_back:
            logs.write({"time": _iso(ended), "since": _iso(began), **fields})

    def _read(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            key.data.read()

    def _wait(self, is_over: Callable[[], bool], seconds: float) -> bool:
        """Whether it came to be in time; not if a signal says to stop."""
        give_up_at = time.monotonic() + seconds
        while not self.is_stopping and time.monotonic() < give_up_at:
            self._tick()
            if is_over():
                return True
        return False

    def _go_on_retiring(self) -> None:
        for retiring in list(self._retiring):
            if retiring.child.reap() is not None:
                retiring.child.log("the one before it ended")
                self._retiring.remove(retiring)
            elif retiring.signals and time.monotonic() >= retiring.signals[0][0]:
                number = retiring.signals.pop(0)[1]
                retiring.child.kill() if number == signal.SIGKILL else retiring.child.signal(number)

    @property
    def _all(self) -> list[Child]:
        return [*self._children.values(), *(retiring.child for retiring in self._retiring)]

    # Reload

    def _reload(self) -> None:
        """New processes take over from the old ones, without a moment in which nobody answers."""
        logger.info("reloading")
        new_worker = None
        try:
            if self._has_worker:
                new_worker = self._new_worker()
            if self._has_web:
                self._replace_web()
        except Exception as error:
            if new_worker:
                new_worker.kill()
                new_worker.reap()
            if not isinstance(error, Refused):
                logger.exception("not reloaded: the processes before go on")
                return
            logger.error("not reloaded: the processes before go on", extra={"codes": {"reason": str(error)}})
            return
        if new_worker:
            self._replace_worker(new_worker)
            self._restart_beat()
        logger.info("reloaded")

    def _replace_web(self) -> None:
        before = self._generation
        self._generation += 1
        new = self._web()
        try:
            new.start()
            if not self._wait(lambda: self._has_come_up(new), MAX_RELOAD_SECONDS):
                raise Refused("the new web processes did not answer.")
            if self._has_front:
                self._write_front()
        except BaseException:
            self._generation = before
            new.kill()
            new.reap()
            raise
        new.has_visitors = True
        if self._has_front:
            self._children[FRONT].signal(signal.SIGHUP)
        # Until then the front may still hand on what began before.
        at = time.monotonic() + front.DRAIN_SECONDS + 1
        self._replace(WEB, new, [(at, signal.SIGTERM), (at + 15, signal.SIGKILL)])

    def _new_worker(self) -> Child:
        """One with the new settings and code, that has come up. Raises Refused where it doesn't."""
        new = self._worker()
        new.start()

        def has_come_up() -> bool:
            has_ended = new.reap() is not None
            if new.refusal or has_ended:
                raise Refused(new.refusal or "the new worker ended at once.")
            return new.has_children()

        try:
            if not self._wait(has_come_up, MAX_RELOAD_SECONDS):
                raise Refused("the new worker did not come up.")
        except BaseException:
            new.kill()
            new.reap()
            raise
        return new

    def _replace_worker(self, new: Child) -> None:
        """A warm end: a worker finishes what it has begun while the next one already works."""
        now = time.monotonic()
        self._replace(WORKER, new, [(now, signal.SIGTERM), (now + LAST_TASK_SECONDS, signal.SIGKILL)])

    def _restart_beat(self) -> None:
        """Never two at once: each round would be sent twice."""
        beat = self._children[BEAT]
        beat.signal(signal.SIGTERM)
        self._wait_for_end([beat], time.monotonic() + 3)
        beat.kill()
        beat.reap()
        beat.start()

    def _has_come_up(self, new: Child) -> bool:
        """Raises Refused if it has already ended."""
        has_ended = new.reap() is not None
        if new.refusal:
            raise Refused(new.refusal)
        if has_ended:
            raise Refused("the new web processes ended at once.")
        if self._has_front:
            return readiness.web_answers(self._socket, self.site)
        return time.monotonic() - (new.restarts.started_at or 0) > 5

    def _replace(self, name: str, new: Child, signals: list[tuple[float, int]]) -> None:
        self._retiring.append(Retiring(self._children[name], signals))
        self._children[name] = new
        if not new.is_running:
            new.start()

    # The end

    def _drain(self) -> None:
        """Whatever is in flight gets its answer, and a task is finished or handed back; then all is over."""
        logger.info("stopping")
        began = time.monotonic()
        workers, beats, webs, fronts = (
            [child for child in self._all if child.name == name] for name in (WORKER, BEAT, WEB, FRONT)
        )
        self._signal(workers, signal.SIGQUIT)
        self._signal(beats, signal.SIGTERM)
        self._signal(fronts, signal.SIGQUIT)
        self._wait_for_end(fronts, began + front.DRAIN_SECONDS + 1)
        self._signal(webs, signal.SIGTERM)
        self._wait_for_end(self._all, began + KILL_TASKS_SECONDS)
        for child in workers:
            child.kill_children()
        self._wait_for_end(self._all, began + KILL_SECONDS)
        for child in self._all:
            if child.is_running:
                child.log("a child did not end in time", logging.WARNING)
            child.kill()
            child.reap()
        self._write(self._held_back.take_all(time.time()))
        logger.info("stopped")

    @staticmethod
    def _signal(which: Iterable[Child], number: int) -> None:
        for child in which:
            child.signal(number)

    def _wait_for_end(self, which: list[Child], give_up_at: float) -> None:
        while any(child.is_running for child in which) and time.monotonic() < give_up_at:
            self._read(0.05)
            for child in which:
                if (code := child.reap()) is not None:
                    child.log("a child ended", code=code)

    # What else

    def _note_signal(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGHUP:
            self.is_to_reload = True
        else:
            self.is_stopping = True

    def _why(self, found: dict[str, str] | None) -> str:
        ended = [child.name for child in self._children.values() if child.restarts.ends]
        if ended:
            return f"What ended by itself: {', '.join(ended)}. See the log above."
        said = found or {part: code for part, code in health.report().items() if code != health.OK}
        return "Run doctor. Not well: " + (", ".join(f"{part} ({code})" for part, code in said.items()) or "the front.")


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
