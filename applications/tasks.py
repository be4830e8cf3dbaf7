"""The jobs of applications. They carry no arguments: what is due stands in the tables."""

from django.utils import timezone

from peersupport.celery import app

from . import actions, queries


@app.task
def remind_references() -> None:
    """Each day."""
    for application_id in queries.with_somebody_to_ask():
        actions.ask_references_left(application_id=application_id)
    actions.remind_references(today=timezone.localdate())


@app.task
def purge() -> None:
    """Each day."""
    actions.purge(now=timezone.now())
