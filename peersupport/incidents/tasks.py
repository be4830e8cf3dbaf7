from django.utils import timezone

from peersupport.celery import app

from . import actions


@app.task
def remind() -> None:
    """Each day."""
    actions.remind_of_activations(today=timezone.localdate())
