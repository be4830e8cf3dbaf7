"""What beat rings."""

from django.utils import timezone

from peersupport.celery import app

from . import actions


@app.task
def tell_of_gaps() -> None:
    """Each day."""
    actions.tell_of_gaps(now=timezone.now())
