"""The jobs of training. They carry no arguments: what is to be done stands in a table."""

from django.utils import timezone

from peersupport.celery import app

from .actions import imports, reminders


@app.task
def work_on_imports() -> None:
    """Each minute, and whenever somebody rings."""
    imports.work_on_imports()


@app.task
def remind() -> None:
    """Each day."""
    today = timezone.localdate()
    reminders.remind(today=today)
    reminders.send_digest(today=today)
