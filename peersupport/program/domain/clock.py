"""Whether the clock can be believed: it has gone on evenly for a day, as the rounds saw it. Pure.

A clock that jumps ahead by weeks would have the next round erase whatever is kept for less than that, and close a year.
Nobody can tell such a jump from a server that was switched off, so after both the program waits for a day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_GAP = timedelta(days=1)  # between two rounds; without a worker for longer, it is as if the clock had jumped
BACKWARDS = timedelta(hours=1)  # so far a clock may be set back, and hosts may differ
WAITS = timedelta(days=1)  # in which a wrong clock is noticed and set right


@dataclass(frozen=True)
class Seen:
    """seen_at: when the last round saw the clock. steady_since: since when it has gone on without a jump."""

    seen_at: datetime
    steady_since: datetime

    def agrees(self, now: datetime) -> bool:
        """Whether a round could have come to this moment from the last one."""
        return -BACKWARDS <= now - self.seen_at <= LONGEST_GAP

    def is_steady(self, now: datetime) -> bool:
        """Whether what is kept until a day may go by this clock."""
        return self.agrees(now) and now - self.steady_since >= WAITS

    def at(self, now: datetime) -> "Seen":
        """What is known after a round at this moment. A host that is a little behind sets nothing back."""
        return Seen(max(self.seen_at, now), self.steady_since) if self.agrees(now) else Seen(now, now)


def begins(now: datetime) -> Seen:
    """What is known after the first round ever, of which nobody can tell whether it agrees: it is believed."""
    return Seen(now, now - WAITS)
