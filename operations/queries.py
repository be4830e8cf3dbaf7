"""What the running program has noted of itself."""

from datetime import datetime

from .models import Heartbeat, Round


def last_heartbeat() -> datetime | None:
    """When a worker last gave its sign of life; None before the first."""
    return Heartbeat.objects.filter(pk=1).values_list("at", flat=True).first()


def last_runs() -> dict[str, datetime]:
    """When each round that the schedule started last ended well, to the minute."""
    return dict(Round.objects.values_list("task", "ran_at"))
