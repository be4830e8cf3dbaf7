"""What a child's lines become in the log. Pure.

What the program logs bears the mark of this run and passes as it is. Anything else is some library's: its text can
quote what somebody typed, so of a traceback only lines of code and the class remain, and the rest is counted.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from peersupport.core.start import REFUSAL

TRACEBACK = "Traceback (most recent call last):"
FRAME = re.compile(r'  File "(?P<file>/[^"\n]+\.py)", line (?P<line>\d{1,6}), in ')
EXCEPTION = re.compile(r"(?P<name>[A-Za-z_][\w.]{0,99})(?::.*)?")
WEB_PROCESS_ENDED = re.compile(r"(?:.* )?Unexpected exit from worker-\d{1,4}")  # granian's words
MOST_FRAMES = 30  # the last ones: a line of the log stays whole in the pipe


@dataclass(frozen=True)
class Marked:
    """A log line of the program, as it wrote it."""

    line: str


@dataclass(frozen=True)
class Refusal:
    """Why the program doesn't start, in its own words."""

    sentence: str


@dataclass(frozen=True)
class Broke:
    """An exception that nobody caught: its class, and the lines of code it came through."""

    where: str


@dataclass(frozen=True)
class WebProcessEnded:
    """One of the web processes ended by itself, and its parent starts another."""


@dataclass
class ChildLines:
    """Reads the lines of one child, one after the other."""

    mark: str
    is_source: Callable[[str], bool]
    left_out: int = 0
    _frames: list[str] | None = field(default=None)

    def read(self, line: str) -> Marked | Refusal | Broke | WebProcessEnded | None:
        """What is to be logged for this line; None if nothing."""
        if line.startswith(self.mark):
            own = line.removeprefix(self.mark)
            return Refusal(own.removeprefix(REFUSAL)) if own.startswith(REFUSAL) else Marked(own)
        if WEB_PROCESS_ENDED.fullmatch(line.rstrip()):
            return WebProcessEnded()
        if line.rstrip().endswith(TRACEBACK):
            self._frames = []
            return None
        if self._frames is not None:
            return self._within_traceback(line, self._frames)
        self.left_out += 1
        return None

    def _within_traceback(self, line: str, frames: list[str]) -> Broke | None:
        if (frame := FRAME.match(line)) and self.is_source(frame["file"]):
            frames.append(f"{frame['file'].rpartition('/')[2]}:{frame['line']}")
            return None
        if frames and (exception := EXCEPTION.fullmatch(line)):
            self._frames = None
            return Broke(f"{exception['name']} at {' > '.join(frames[-MOST_FRAMES:])}")
        self.left_out += 1
        return None

    def take_left_out(self) -> int:
        """How many lines were left out since this was last asked."""
        count, self.left_out = self.left_out, 0
        return count
