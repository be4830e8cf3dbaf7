from django.utils import timezone

from peersupport.celery import app
from peersupport.program import queries as program

from .actions import addresses, agreements, lifting, mails, roster_import, terms, tries


@app.task
def send_mails() -> None:
    """Each minute, and whenever it is woken; the mails are in `QueuedMail`."""
    mails.send_mails()


@app.task
def forget_times() -> None:
    """Each half hour: when somebody last typed a wrong password."""
    tries.forget_times(now=timezone.now())


@app.task
def end_day() -> None:
    """At midnight: counting wrong passwords begins anew, under another key."""
    tries.end_day()


@app.task
def daily() -> None:
    """Each day: terms that end soon, forgotten roster files and address changes, agreements to sign."""
    today = timezone.localdate()
    terms.notify_about_ending_terms(today=today)
    if program.is_clock_steady(timezone.now()):
        roster_import.discard_old(today=today)
        addresses.discard_old()
    agreements.notify_members_to_sign()


@app.task
def settle_lifts() -> None:
    """Twice an hour: lost second factors that two people lifted 24 hours ago, and what lapses."""
    if program.is_clock_steady(timezone.now()):
        lifting.settle_all(now=timezone.now())
