"""What is erased when its time is over: words, scores and files; of those not accepted, all but a count."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from peersupport.audit import actions as audit
from peersupport.program.queries import settings_now as program_settings
from training.domain.validity import starts_on, year_of

from .. import resumes
from ..domain.states import WITH_THE_CANDIDATE, Mover, State
from ..models import Application, PastOutcome
from ..queries import applications
from .mail_limit import forget_earlier_days
from .transitions import locked, move

ORPHAN_AFTER = timedelta(days=1)
WORDS = ("why", "qualifications", "benefit", "training", "availability", "resume", "phone", "languages", "assignment")


def purge(*, now: datetime) -> int:
    """Each application in a transaction of its own, so that what is interrupted goes on the next day. How many."""
    due = list(applications.due_to_be_purged(now).values_list("pk", flat=True))
    for application_id in due:
        _purge_one(application_id, now)
    for name in set(resumes.written_before(now - ORPHAN_AFTER)) - applications.resumes_in_use():
        resumes.forget(name)
    forget_earlier_days()
    return len(due)


@transaction.atomic
def _purge_one(application_id: int, now: datetime) -> None:
    application = locked(application_id)
    if (
        not applications.due_to_be_purged(now).filter(pk=application_id).exists()
    ):  # moved while this round waited for its turn
        return
    if application.state in WITH_THE_CANDIDATE:  # nobody confirmed it, so no figure counts it
        move(application, State.ABANDONED, Mover.CALENDAR)
        forget(application)
    elif application.state == State.CONDITIONAL:
        _erase_words(application, timezone.localdate(now))
        audit.record(action="application_erased", by=None, about=f"application:{application_id}")
    else:
        count_and_forget(application)


def count_and_forget(application: Application) -> None:
    """What is left is one more of that year's outcomes."""
    PastOutcome.objects.get_or_create(year_starts_on=_year_of(application), outcome=application.state)
    PastOutcome.objects.filter(year_starts_on=_year_of(application), outcome=application.state).update(
        number=F("number") + 1
    )
    forget(application)


def forget(application: Application) -> None:
    """With all that hangs on it, and its file."""
    audit.record(action="application_forgotten", by=None, about=f"application:{application.pk}")
    if application.resume:
        forget_file(application.resume)
    application.delete()


def forget_file(name: str) -> None:
    """Once the caller's transaction is committed; a round finds what was left by a process that died in between."""
    transaction.on_commit(lambda: resumes.forget(name))


def _erase_words(application: Application, today: date) -> None:
    if application.resume:
        forget_file(application.resume)
    for name in WORDS:
        setattr(application, name, "")
    application.conflicts, application.years_of_service, application.erased_on = [], None, today
    application.save()
    for about in (application.references, application.reviews, application.interviews, application.links):
        about.all().delete()
    application.moves.update(letter="")


def _year_of(application: Application) -> date:
    """The first day of the year of statistics in which it ended."""
    first_month = program_settings().year_starts_month
    return starts_on(year_of(timezone.localdate(application.since), first_month), first_month)
