"""The jobs of applications. They carry no arguments: what is due stands in the tables."""

from django.utils import timezone

from peersupport.celery import app

from .actions import purging, references
from .queries import applications


@app.task
def remind_references() -> None:
    """Each day."""
    for application_id in applications.with_somebody_to_ask():
        references.ask_references_left(application_id=application_id)
    references.remind_references(today=timezone.localdate())


@app.task
def purge() -> None:
    """Each day."""
    purging.purge(now=timezone.now())
