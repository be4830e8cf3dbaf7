from datetime import date, timedelta

import pytest

from peersupport.notices.models import Notice
from training.actions import reminders
from training.domain.reminders import due_step
from training.models import Reminder

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("days_left", "due"),
    [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (1, 7), (0, None), (-5, None)],
)
def test_due_step(days_left, due):
    assert due_step(days_left) == due


@pytest.mark.django_db
def test_member_is_reminded_once_at_each_step(ana, ben, trained):
    trained(ana, "mediation", date(2024, 6, 1))  # lapses on 1 June 2026
    trained(ben, "mediation", date(2025, 6, 1))
    notified = []
    for days in range(100):
        today = date(2026, 3, 1) + timedelta(days=days)
        for _ in range(2):  # a task that runs twice notifies once
            if reminders.remind(today=today):
                notified.append(
                    ((date(2026, 6, 1) - today).days, list(Notice.objects.values_list("recipient", flat=True)))
                )
        Notice.objects.all().delete()
    assert notified == [(60, [ana.user_id]), (30, [ana.user_id]), (7, [ana.user_id])]


@pytest.mark.django_db
def test_new_record_ends_the_old_reminders_and_starts_new_ones(ana, trained):
    trained(ana, "mediation", date(2024, 4, 30))
    assert reminders.remind(today=TODAY) == 1
    trained(ana, "mediation", TODAY)
    assert reminders.remind(today=date(2026, 4, 29)) == 0
    assert reminders.remind(today=date(2028, 3, 1)) == 1
    assert Reminder.objects.count() == 2


@pytest.mark.django_db
def test_coordinators_are_notified_once_a_month(coordinator, director, ana):
    assert [reminders.send_digest(today=TODAY - timedelta(days=days)) for days in (3, 2, 0)] == [True, False, False]
    assert list(Notice.objects.values_list("recipient", flat=True)) == [coordinator.pk]
    assert reminders.send_digest(today=TODAY + timedelta(days=1))
