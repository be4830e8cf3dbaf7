"""Background tasks. They take no arguments: what is to be done is in a table."""

from django.utils import timezone

from peersupport.celery import app

from .actions import external_training, imports, reminders


@app.task
def work_on_imports() -> None:
    """Every minute, and whenever it is woken."""
    imports.work_on_imports()


@app.task
def daily() -> None:
    """Each day: reminders of what lapses, the coordinators' digest, and pictures from before they were made anew."""
    today = timezone.localdate()
    reminders.remind(today=today)
    reminders.send_digest(today=today)
    external_training.make_earlier_pictures_anew()
