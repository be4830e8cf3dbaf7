"""Telling members before something lapses, and coordinators once a month. The notices say only that something waits."""

from datetime import date

from django.db import transaction

from peersupport.access.permissions import Permission
from peersupport.audit import actions as audit
from peersupport.notices.actions import outbox
from peersupport.team.queries.members import people_with

from ..domain.coverage import Status, matrix
from ..domain.reminders import step
from ..models import Digest, Reminder
from ..queries import records
from ..queries import subjects as subjects_queries


@transaction.atomic
def remind(*, today: date) -> int:
    """How many reminders are new. A day on which no job ran loses none: the step is still due on the next."""
    members, subjects = list(records.members_seen()), {each.code: each for each in subjects_queries.subjects_in_use()}
    table = matrix([one.pk for one in members], subjects, subjects_queries.completions(today), today)
    due = [
        Reminder(member=one, subject=subjects[code], lapses_on=cell.lapses_on, days_before=days_before)
        for one in members
        for code, cell in table[one.pk].items()
        if cell.status == Status.EXPIRING
        and cell.lapses_on is not None
        and (days_before := step((cell.lapses_on - today).days)) is not None
    ]
    told = set(
        Reminder.objects.filter(lapses_on__gt=today).values_list("member", "subject", "lapses_on", "days_before")
    )
    new = [one for one in due if (one.member_id, one.subject_id, one.lapses_on, one.days_before) not in told]
    Reminder.objects.bulk_create(new)
    if new:
        outbox.notify_all(user_ids={one.member.user_id for one in new if one.member.user.is_active})
        audit.record(action="members_reminded", by=None)
    return len(new)


@transaction.atomic
def send_digest(*, today: date) -> bool:
    """Whether the coordinators were told: once a month, on the first day of it that a worker runs."""
    _, is_new = Digest.objects.get_or_create(month=today.replace(day=1))
    if is_new:
        outbox.notify_all(user_ids=[user.pk for user in people_with(Permission.MANAGE_TRAINING)])
        audit.record(action="training_digest_sent", by=None)
    return is_new
