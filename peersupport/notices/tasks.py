"""When notices leave. The tasks carry no arguments: who is to be notified is in the outbox."""

from django.utils import timezone

from peersupport.celery import app

from .actions import outbox


@app.task
def send_urgent() -> None:
    """Runs every minute, and whenever the doorbell rings."""
    outbox.send(urgent=True, now=timezone.now())


@app.task
def send_waiting() -> None:
    """Runs at :00 and :30, so that the time of a mail doesn't give away the time of its cause."""
    outbox.send(urgent=False, now=timezone.now())
