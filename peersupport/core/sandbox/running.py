"""Starts the process that reads a file, and takes its answer. No Django.

The calling process only ever holds the file's bytes and the answer. How many files it has read at once is bounded, so
that threads are left for pages without a file.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peersupport.core.sentences import gettext_noop as _

from ..errors import Refused
from . import process

MEGABYTE = 1024 * 1024
PROJECT_ROOT = Path(__file__).resolve().parents[3]
WAITING_SECONDS = 10
BUSY = _("Many files are arriving right now. What you typed is still here. Please choose the file again in a minute.")


@dataclass(frozen=True)
class Reader:
    """One kind of file: the module that reads it, and what that may take.

    module: has `read(content, arguments)`, which returns facts for JSON and bytes. too_large: what the person reads if
    it was stopped at a limit. seconds: by the clock.
    """

    module: str
    too_large: str
    cpu_seconds: int
    memory_bytes: int
    seconds: float
    answer_bytes: int

    def command(self, arguments: tuple[str, ...]) -> list[str]:
        limits = (str(self.cpu_seconds), str(self.memory_bytes))
        return [sys.executable, "-s", "-m", "peersupport.core.sandbox.process", self.module, *limits, *arguments]


class Line:
    """Where files of some people wait for their turn: one is read, `waiting` more wait, the next is told so."""

    def __init__(self, *, waiting: int) -> None:
        self._places = threading.BoundedSemaphore(1 + waiting)
        self._turn = threading.Lock()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Raises Refused where none is free."""
        if not self._places.acquire(blocking=False):
            raise Refused(BUSY, code="busy")
        try:
            yield
        finally:
            self._places.release()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Raises Refused where too many wait, or the wait is too long."""
        with self.place():
            if not self._turn.acquire(timeout=WAITING_SECONDS):
                raise Refused(BUSY, code="busy")
            try:
                yield
            finally:
                self._turn.release()


# Together they take at most six of the eight threads of a web process, and strangers at most four.
STRANGERS = Line(waiting=3)
STAFF = Line(waiting=1)


@dataclass(frozen=True)
class Answer:
    facts: Any  # as JSON has it
    content: bytes


def read(reader: Reader, content: bytes, *arguments: str, line: Line = STAFF) -> Answer:
    """What the reader found. Raises Refused, with the reader's reason, or because it was stopped at a limit.

    Raises subprocess.CalledProcessError for a reader that can't start: that is no fault of the file.
    """
    with line.turn():
        output, code = _run(reader, content, arguments)
    if code < 0 or code == process.OUT_OF_MEMORY or len(output) > reader.answer_bytes:
        raise Refused(reader.too_large)
    if code:
        raise subprocess.CalledProcessError(code, reader.module)
    head, _newline, body = output.partition(b"\n")
    answer = json.loads(head)
    if "refused" in answer:
        raise Refused(answer["refused"], **answer["values"])
    return Answer(answer["facts"], body)


def _run(reader: Reader, content: bytes, arguments: tuple[str, ...]) -> tuple[bytes, int]:
    """The output, cut one byte over what an answer may have, and the exit status; negative if it was stopped."""
    with subprocess.Popen(
        reader.command(arguments), cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback can quote a cell
        env={},  # none of the program's secrets
        start_new_session=True,
    ) as started:  # fmt: skip
        stop = threading.Timer(reader.seconds, started.kill)
        stop.start()
        try:
            output = _talk(started, content, reader.answer_bytes + 1)
            started.wait()
        finally:
            stop.cancel()
            started.kill()
    return output, started.returncode


def _talk(started: subprocess.Popen[bytes], content: bytes, most: int) -> bytes:
    assert started.stdin and started.stdout  # noqa: S101  # asked for when it was started
    with suppress(BrokenPipeError), started.stdin:
        started.stdin.write(content)
    with started.stdout:
        return started.stdout.read(most)
