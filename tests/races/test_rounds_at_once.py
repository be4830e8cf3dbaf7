"""The daily rounds of two beats at the same moment: one does what is due, and the others find nothing to do."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from peersupport.team.actions import agreements, terms
from peersupport.team.models import Agreement, Member, User
from tests.races.racing import race
from training.actions import records, reminders
from training.models import Reminder

pytestmark = pytest.mark.django_db(transaction=True)


def once(action: Any, **keywords: Any) -> list[Any]:
    """What four who act at once return, the largest first."""
    outcomes = race(action, *[keywords] * 4)
    assert [outcome.error for outcome in outcomes] == [None] * 4, outcomes
    return sorted((outcome.value for outcome in outcomes), reverse=True)


def test_a_training_that_lapses_is_reminded_of_once(coordinator: User, ana: Member) -> None:
    today = timezone.localdate()
    records.record(
        member_id=ana.pk, subject="mediation", completed_on=today - timedelta(days=690), hours=4, by=coordinator
    )
    assert once(reminders.remind, today=today) == [1, 0, 0, 0]
    assert Reminder.objects.count() == 1


def test_the_digest_goes_out_once(coordinator: User) -> None:
    assert once(reminders.send_digest, today=timezone.localdate()) == [True, False, False, False]


def test_members_are_asked_once_to_sign(ana: Member, ben: Member) -> None:
    Agreement.objects.all().delete()
    assert once(agreements.notify_members_to_sign) == [2, 0, 0, 0]


def test_coordinators_are_told_once_of_a_term_that_ends(coordinator: User, ana: Member) -> None:
    today = timezone.localdate()
    Member.objects.filter(pk=ana.pk).update(term_ends_on=today + timedelta(days=5))
    assert once(terms.notify_about_ending_terms, today=today) == [1, 0, 0, 0]
