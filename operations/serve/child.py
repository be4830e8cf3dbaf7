"""One child: started, its lines read, started again when it ends by itself, and asked to end."""

import contextlib
import json
import logging
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from peersupport.settings import logs

from .. import processes
from .domain.child_lines import Broke, ChildLines, Marked, Refusal, WebProcessEnded
from .domain.held_back import HeldBack
from .domain.restarts import Restarts

logger = logging.getLogger(__name__)
LONGEST_LINE = 64 * 1024


class Child:
    """A process and its own children, in a session of their own."""

    def __init__(
        self, name: str, command: list[str], *, home: Path, environment: Mapping[str, str],
        selector: selectors.BaseSelector, held_back: HeldBack, before_start: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self.name = name
        self.process: subprocess.Popen[bytes] | None = None
        self.refusal = ""  # why the program in it doesn't start
        self.restarts = Restarts()
        self.has_visitors = False  # from now on, what breaks in it may be somebody's page
        self._command, self._home, self._environment = command, home, environment
        self._selector, self._held_back = selector, held_back
        self._before_start = before_start
        self._lines = ChildLines(environment.get("PEERSUPPORT_LOG_MARK", ""), is_source=os.path.isfile)
        self._output: IO[bytes] | None = None
        self._unfinished = b""

    @property
    def is_running(self) -> bool:
        return self.process is not None

    def keep_up(self) -> None:
        """Notice that it ended by itself, and start it when it is due."""
        if (code := self.reap()) is not None:
            self.restarts = self.restarts.ended(time.monotonic())
            self.log("a child ended", logging.ERROR, code=code, starts_again_in_seconds=self._pause())
        if self.restarts.is_due(time.monotonic()):
            self.start()

    def start(self) -> None:
        self._before_start()
        self.refusal = ""
        self.process = processes.start(
            self._command, cwd=self._home, env=dict(self._environment),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.restarts = self.restarts.started(time.monotonic())
        self._output = self.process.stdout
        os.set_blocking(self._output.fileno(), False)  # type: ignore[union-attr]  # it is a pipe
        self._selector.register(self._output, selectors.EVENT_READ, self)  # type: ignore[arg-type]
        self.log("a child started", pid=self.process.pid)

    def signal(self, number: int) -> None:
        """To it alone: it knows best in which order its own children end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """It and all of its children."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def has_children(self) -> bool:
        """Whether it has come so far that it has processes of its own."""
        return self.process is not None and bool(processes.children_of(self.process.pid))

    def kill_children(self) -> None:
        """Its own children alone."""
        if self.process is not None and self.process.poll() is None:
            for child in processes.children_of(self.process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)

    def reap(self) -> int | None:
        """The exit code of a process that has ended; whatever it left of its own children is ended too."""
        if self.process is None or self.process.poll() is None:
            return None
        code = self.process.returncode
        self.kill()
        self.read()
        if self._unfinished:
            self._read_line(self._unfinished)
        self._unfinished = b""
        self._hold_back_left_out()
        self._close()
        self.process = None
        return code

    def read(self) -> None:
        """Log what it has said since."""
        with contextlib.suppress(BlockingIOError):
            while self._output is not None:
                said = os.read(self._output.fileno(), LONGEST_LINE)
                *lines, self._unfinished = (self._unfinished + said).split(b"\n")
                for line in lines:
                    self._read_line(line)
                if len(self._unfinished) > LONGEST_LINE:
                    self._unfinished = b""
                if not said:
                    self._close()
        self._hold_back_left_out()

    def _close(self) -> None:
        if self._output is not None:
            self._selector.unregister(self._output)
            self._output.close()
            self._output = None

    def log(self, message: str, level: int = logging.INFO, **codes: object) -> None:
        logger.log(level, message, extra={"codes": {"child": self.name, **codes}})

    def _hold_back_left_out(self) -> None:
        if count := self._lines.take_left_out():
            self._hold_back("lines of a child that are no log were left out", logging.INFO, times=count)

    def _hold_back(self, message: str, level: int, times: int = 1, **codes: object) -> None:
        said = {"level": logging.getLevelName(level), "logger": logger.name, "message": message}
        self._held_back.add({**said, "child": self.name, **codes}, at=time.time(), times=times)

    def _read_line(self, line: bytes) -> None:
        match self._lines.read(line.decode(errors="replace")):
            case Marked(line=text):
                self._pass_on(text)
            case Refusal(sentence=sentence):
                self.refusal = sentence
                self.log("a child does not start", logging.ERROR, reason=sentence)
            case Broke(where=where):
                log = self._hold_back if self.has_visitors else self.log
                log("an exception that nobody caught", logging.ERROR, where=where)
            case WebProcessEnded():
                self.log("a web process ended by itself and is started again", logging.ERROR)

    def _pass_on(self, text: str) -> None:
        try:
            fields = json.loads(text)
        except ValueError:  # two lines that ran into each other
            return
        fields["child"] = self.name
        if fields.get("plane") == logs.ANONYMOUS:
            self._held_back.add(fields, at=time.time())
        else:
            logs.write(fields)

    def _pause(self) -> int:
        return round(self.restarts.start_at - time.monotonic())
