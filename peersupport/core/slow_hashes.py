"""How many slow hashes (Argon2) a process computes at once, and who waits where.

Each takes up to 100 MB and all of a core, so that a flood of sign-ins could take a machine's memory. Beyond
`limits.at_once`, whoever comes waits a few seconds for a seat and is then asked to press again.
Strangers, who sign in on a device that isn't known, have a line of their own and never all the seats: their flood
keeps nobody else waiting. So few may wait that some of the web server's threads are always free for other pages.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto

STATUS = 503  # of the answer to whoever gets no seat
LONGEST_WAIT_SECONDS = 4.0
SPARE_THREADS = 2  # that nobody in a line ever holds


class Line(Enum):
    KNOWN = auto()  # a known device, somebody signed in, whoever has a link that works, a command
    STRANGERS = auto()


@dataclass
class Limits:
    """at_once: as the setting says. threads: of a web process."""

    at_once: int = 2
    threads: int = 8


class Busy(Exception):
    """Nobody got a seat in time. Nothing was computed; pressing again in a few seconds helps."""


limits = Limits()  # set from the settings when the program starts
_thread = threading.local()
_change = threading.Condition()
_running = dict.fromkeys(Line, 0)
_waiting = dict.fromkeys(Line, 0)


@contextmanager
def in_line(line: Line) -> Iterator[None]:
    """What this thread computes now waits in that line. Without this, it is that of the known."""
    before = _line()
    _thread.line = line
    try:
        yield
    finally:
        _thread.line = before


@contextmanager
def seat() -> Iterator[None]:
    """One seat, however many hashes are computed in it one after the other. Raises Busy.

    As a decorator it stands above `transaction.atomic`: whoever waits for a seat must not hold a lock meanwhile.
    """
    if getattr(_thread, "has_seat", False):
        yield
        return
    line = _line()
    _take_seat(line)
    _thread.has_seat = True
    try:
        yield
    finally:
        _thread.has_seat = False
        with _change:
            _running[line] -= 1
            _change.notify_all()


def most_at_once() -> int:
    """Two at least, one of them for the known; and some threads are left for other pages."""
    return max(2, min(limits.at_once, limits.threads - SPARE_THREADS - len(Line)))


def most_waiting() -> int:
    """In each line."""
    return max(1, (limits.threads - SPARE_THREADS - most_at_once()) // len(Line))


def _take_seat(line: Line) -> None:
    with _change:
        if not _may_run(line):
            _wait(line)
        _running[line] += 1


def _wait(line: Line) -> None:
    if _waiting[line] >= most_waiting():
        raise Busy
    _waiting[line] += 1
    try:
        # Without regard to whoever waits in this line: of those, the kernel wakes one.
        if not _change.wait_for(lambda: _has_room(line), LONGEST_WAIT_SECONDS):
            raise Busy
    finally:
        _waiting[line] -= 1


def _may_run(line: Line) -> bool:
    """Whoever comes last doesn't overtake those who wait."""
    return not _waiting[line] and _has_room(line)


def _has_room(line: Line) -> bool:
    if sum(_running.values()) >= most_at_once():
        return False
    return line is Line.KNOWN or (not _waiting[Line.KNOWN] and _running[line] < most_at_once() - 1)


def _line() -> Line:
    line: Line = getattr(_thread, "line", Line.KNOWN)
    return line
