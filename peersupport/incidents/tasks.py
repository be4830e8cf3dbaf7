from django.utils import timezone

from peersupport.celery import app

from . import actions


@app.task
def remind() -> None:
    """Each day: follow-ups that are due."""
    actions.send_follow_up_reminders(today=timezone.localdate())
