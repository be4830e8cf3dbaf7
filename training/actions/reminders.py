"""Remind members before a training lapses, and coordinators once a month. The notices say only that something waits."""

from datetime import date

from django.db import transaction

from peersupport.access.permissions import Permission
from peersupport.audit import actions as audit
from peersupport.notices.actions import outbox
from peersupport.team.models import Member
from peersupport.team.queries import members as members_queries
from peersupport.team.queries.accounts import users_with_permission

from ..domain.coverage import matrix
from ..domain.reminders import due_step
from ..domain.standing import Status
from ..models import Digest, Reminder
from ..queries import subjects as subjects_queries


@transaction.atomic
def remind(*, today: date) -> int:
    """Remind members of what lapses within 60, 30 and 7 days, once each; returns the number of new reminders.

    A day on which the task did not run loses none: the reminder is still due on the next.
    """
    members = list(members_queries.current_members())
    subjects = {subject.code: subject for subject in subjects_queries.subjects_in_use()}
    table = matrix([member.pk for member in members], subjects, subjects_queries.last_completions(today), today)
    due = [
        Reminder(member=member, subject=subjects[code], lapses_on=standing.lapses_on, days_before=days_before)
        for member in members
        for code, standing in table[member.pk].items()
        if standing.status == Status.EXPIRING
        and standing.lapses_on is not None
        and (days_before := due_step((standing.lapses_on - today).days)) is not None
    ]
    # Of two rounds at once the second waits here, and finds what the first has written.
    list(Member.objects.filter(pk__in={each.member_id for each in due}).order_by("pk").select_for_update())
    reminded = set(
        Reminder.objects.filter(lapses_on__gt=today).values_list("member", "subject", "lapses_on", "days_before")
    )
    new = [each for each in due if (each.member_id, each.subject_id, each.lapses_on, each.days_before) not in reminded]
    Reminder.objects.bulk_create(new)
    if new:
        outbox.notify_all(user_ids={each.member.user_id for each in new if each.member.user.is_active})
        audit.record(action="members_reminded", by=None)
    return len(new)


@transaction.atomic
def send_digest(*, today: date) -> bool:
    """Notify the coordinators on the first day of a month on which a worker runs; returns whether it did."""
    _, is_new = Digest.objects.get_or_create(month=today.replace(day=1))
    if is_new:
        outbox.notify_all(user_ids=[user.pk for user in users_with_permission(Permission.MANAGE_TRAINING)])
        audit.record(action="training_digest_sent", by=None)
    return is_new
