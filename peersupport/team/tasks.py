from django.utils import timezone

from peersupport.celery import app

from .actions import agreements, letters, roster_import, terms


@app.task
def send_letters() -> None:
    """Each minute, and whenever somebody rings. Which letters stands in their table."""
    letters.send_letters()


@app.task
def remind() -> None:
    """Each day."""
    today = timezone.localdate()
    terms.tell_of_ending_terms(today=today)
    roster_import.forget_roster_files(today=today)
    agreements.ask_to_sign()
