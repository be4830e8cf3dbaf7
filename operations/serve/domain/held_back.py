"""Lines that would tell when an officer did something: counted, and written when it no longer shows. Pure.

The system's journal puts the time to whatever is written at once.
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any


class HeldBack:
    """How often each line came in each period of so many seconds; a period is written when it is over.

    Not one moment earlier: what came just after its beginning would be written right then. All moments are in seconds
    since 1970.
    """

    def __init__(self, period_seconds: int) -> None:
        self._period_seconds = period_seconds
        self._counts: dict[int, Counter[str]] = {}

    def add(self, fields: Mapping[str, object], *, at: float, times: int = 1) -> None:
        """One more line; its own time is dropped. at: when it came."""
        line = json.dumps({name: fields[name] for name in sorted(fields) if name != "time"})
        self._counts.setdefault(self._began(at), Counter())[line] += times

    def take_over(self, now: float) -> list[tuple[int, int, dict[str, Any]]]:
        """What came in the periods that are over: when each began and ended, and the line with how often it came."""
        return [found for began in sorted(self._counts) if began < self._began(now) for found in self._take(began)]

    def take_all(self, now: float) -> list[tuple[int, int, dict[str, Any]]]:
        """The same and, at the end, what came in this period, as if it had ended when it began."""
        over, began = self.take_over(now), self._began(now)
        return over + [(began, began, line) for _, _, line in self._take(began)]

    def _began(self, at: float) -> int:
        return int(at) // self._period_seconds * self._period_seconds

    def _take(self, began: int) -> list[tuple[int, int, dict[str, Any]]]:
        """In an order that doesn't tell which came first."""
        ended = began + self._period_seconds
        counts = sorted(self._counts.pop(began, Counter()).items())
        return [(began, ended, {**json.loads(line), "times": times}) for line, times in counts]
