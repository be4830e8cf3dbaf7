"""The dashboard's task."""

from django.utils import timezone

from peersupport.celery import app

from . import actions


@app.task
def notify_of_gaps() -> None:
    """Daily."""
    actions.notify_of_gaps(now=timezone.now())
