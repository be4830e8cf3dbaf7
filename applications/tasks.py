"""The scheduled tasks of applications. They carry no arguments: what is due is in the tables."""

from django.utils import timezone

from peersupport.celery import app
from peersupport.program import queries as program

from .actions import purging, references
from .queries import applications


@app.task
def mail_references() -> None:
    """Daily: ask the references not asked yet, and remind those who haven't answered."""
    for application_id in applications.with_references_to_ask():
        references.ask_remaining_references(application_id=application_id)
    references.remind_references(today=timezone.localdate())


@app.task
def purge() -> None:
    """Daily: erase what is due."""
    if program.is_clock_steady(timezone.now()):
        purging.purge(now=timezone.now())
