"""Lines that would tell when an officer did something: counted, and written when it no longer shows. Pure.

The system's journal puts the time to whatever is written at once.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class HeldBack:
    """How often each line was said since they were last written."""

    _counts: Counter[str] = field(default_factory=Counter)

    def add(self, fields: Mapping[str, object], times: int = 1) -> None:
        self._counts[json.dumps({name: fields[name] for name in sorted(fields) if name != "time"})] += times

    def take(self) -> list[dict[str, Any]]:
        """Each line once, with how many times; in an order that doesn't tell which came first."""
        lines = [{**json.loads(line), "times": times} for line, times in sorted(self._counts.items())]
        self._counts.clear()
        return lines
