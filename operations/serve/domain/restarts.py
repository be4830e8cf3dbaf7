"""When a child that ended is started again. Pure: the clock is an argument."""

from dataclasses import dataclass, replace

LONGEST_PAUSE_SECONDS = 60
STEADY_SECONDS = 60  # after so long a run, an end counts as the first one again


@dataclass(frozen=True)
class Restarts:
    """How often in a row a child ended, since when it runs, and from when on it may be started. In seconds."""

    ends: int = 0
    started_at: float | None = None
    start_at: float = 0.0

    @property
    def is_running(self) -> bool:
        return self.started_at is not None

    def is_due(self, now: float) -> bool:
        return not self.is_running and now >= self.start_at

    def started(self, now: float) -> "Restarts":
        return replace(self, started_at=now)

    def ended(self, now: float) -> "Restarts":
        """It ended by itself: 1, 2, 4 … seconds until the next start, and never more than 60."""
        has_run_steadily = self.started_at is not None and now - self.started_at >= STEADY_SECONDS
        ends = 1 if has_run_steadily else self.ends + 1
        return Restarts(ends=ends, started_at=None, start_at=now + pause_seconds(ends))


def pause_seconds(ends: int) -> int:
    """How long to wait after that many ends in a row."""
    return min(LONGEST_PAUSE_SECONDS, 1 << min(ends - 1, 10))
