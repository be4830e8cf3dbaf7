from django.utils import timezone

from peersupport.celery import app

from . import actions


@app.task
def send_letters() -> None:
    """Each minute, and whenever somebody rings. Which letters stands in their table."""
    actions.send_letters()


@app.task
def remind() -> None:
    """Each day."""
    today = timezone.localdate()
    actions.tell_of_ending_terms(today=today)
    actions.forget_roster_files(today=today)
    actions.ask_to_sign()
    actions.remind_of_activations(today=today)
