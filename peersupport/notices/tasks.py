"""When notices leave. The jobs carry no arguments: whom to tell stands in the table."""

from django.utils import timezone

from peersupport.celery import app

from .actions import outbox


@app.task
def send_urgent() -> None:
    """Each minute, and whenever somebody rings."""
    outbox.send(urgent=True, now=timezone.now())


@app.task
def send_waiting() -> None:
    """At the full and the half hour, so that the time of a mail says nothing of the time of its cause."""
    outbox.send(urgent=False, now=timezone.now())
