"""The jobs of applications. They carry no arguments: what is due stands in the tables."""

from django.utils import timezone

from peersupport.celery import app

from . import actions


@app.task
def remind_references() -> None:
    """Each day."""
    actions.remind_references(today=timezone.localdate())


@app.task
def purge() -> None:
    """Each day."""
    actions.purge(now=timezone.now())
