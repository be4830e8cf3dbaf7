"""What the running program notes of itself."""

from datetime import datetime

from .models import Heartbeat, Round


def record_round(*, task: str, now: datetime) -> None:
    """The schedule ran this task, and it ended well."""
    Round.objects.update_or_create(task=task, defaults={"ran_at": now.replace(second=0, microsecond=0)})


def record_heartbeat(*, now: datetime) -> None:
    """A worker is alive."""
    Heartbeat.objects.update_or_create(pk=1, defaults={"at": now})
