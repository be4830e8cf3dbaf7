"""Erasing applications when their time is up: what was written, scores, files; unless accepted, all but a count."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from peersupport.audit import actions as audit
from peersupport.core.dates import program_year_of, program_year_start
from peersupport.program.queries import settings_now as program_settings

from .. import resumes
from ..domain.states import WITH_THE_CANDIDATE, ApplicationState, Mover
from ..models import Application, PastOutcome
from ..queries import applications
from . import mail_limit, transitions

ORPHANED_AFTER = timedelta(days=1)
ERASED_FIELDS = (
    "why", "qualifications", "benefit", "training", "availability", "resume", "phone", "languages", "assignment",
)  # fmt: skip


def purge(*, now: datetime) -> int:
    """Purge what is due, each in its own transaction so that an interrupted run resumes the next day. How many."""
    due = list(applications.due_to_be_purged(now).values_list("pk", flat=True))
    for application_id in due:
        _purge_one(application_id, now)
    for name in set(resumes.names_older_than(now - ORPHANED_AFTER)) - applications.resumes_in_use():
        resumes.delete(name)
    mail_limit.delete_earlier_days()
    return len(due)


@transaction.atomic
def _purge_one(application_id: int, now: datetime) -> None:
    application = transitions.lock(application_id)
    still_due = applications.due_to_be_purged(now).filter(pk=application_id).exists()
    if not still_due:  # it moved while this task waited for the lock
        return
    if application.state in WITH_THE_CANDIDATE:  # never confirmed, so no report counts it
        transitions.move(application, ApplicationState.ABANDONED, Mover.SCHEDULE)
        delete_application(application)
    elif application.state == ApplicationState.CONDITIONAL:
        _erase_answers(application, timezone.localdate(now))
        audit.record(action="application_erased", by=None, about=f"application:{application_id}")
    else:
        _delete_and_count(application)


def _delete_and_count(application: Application) -> None:
    """Delete the application and add one to the outcomes of its year."""
    year_starts_on, outcome = _program_year_start(application), application.state
    PastOutcome.objects.get_or_create(year_starts_on=year_starts_on, outcome=outcome)
    PastOutcome.objects.filter(year_starts_on=year_starts_on, outcome=outcome).update(count=F("count") + 1)
    delete_application(application)


def delete_application(application: Application) -> None:
    """Delete the application, everything that refers to it, and its file."""
    audit.record(action="application_deleted", by=None, about=f"application:{application.pk}")
    if application.resume:
        delete_resume(application.resume)
    application.delete()


def delete_resume(name: str) -> None:
    """Delete the file after commit; should the process die in between, the daily purge finds it."""
    transaction.on_commit(lambda: resumes.delete(name))


def _erase_answers(application: Application, today: date) -> None:
    if application.resume:
        delete_resume(application.resume)
    for name in ERASED_FIELDS:
        setattr(application, name, "")
    application.conflicts, application.years_of_service, application.erased_on = [], None, today
    application.save()
    for related in (application.references, application.reviews, application.interviews, application.links):
        related.all().delete()
    application.moves.update(letter="")


def _program_year_start(application: Application) -> date:
    """The first day of the program year in which it ended."""
    first_month = program_settings().year_starts_month
    return program_year_start(program_year_of(timezone.localdate(application.since), first_month), first_month)
