"""Two senders at one outbox, and many who notify the same person at once."""

from datetime import UTC, datetime

import pytest
from django.core import mail

from peersupport.access.permissions import Role
from peersupport.notices import actions
from peersupport.notices.models import Notice
from tests.cast import make_user

from .racing import race

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2031, 3, 4, 2, 7, 31, tzinfo=UTC)


def send_and_say_to_whom():
    actions.send(urgent=False, now=NOW)
    return [m.to[0] for m in mail.outbox]


def test_each_notice_is_sent_by_one_of_the_senders():
    people = [make_user(f"Person{n} Sample", Role.MEMBER) for n in range(12)]
    actions.notify_all(user_ids=[person.pk for person in people])
    outcomes = race(send_and_say_to_whom, {}, {}, {})
    assert [outcome.error for outcome in outcomes] == [None] * 3
    assert sorted(address for outcome in outcomes for address in outcome.value) == sorted(p.email for p in people)
    assert Notice.objects.count() == 0


def test_many_causes_at_once_are_one_notice_and_no_deadlock():
    """Everybody is told of everything, in whatever order the callers name them."""
    people = [make_user(f"Person{n} Sample", Role.MEMBER).pk for n in range(60)]
    orders = [{"user_ids": people}, {"user_ids": people[::-1]}] * 3
    for _ in range(4):
        assert {outcome.error for outcome in race(actions.notify_all, *orders)} == {None}
    assert sorted(Notice.objects.values_list("recipient", flat=True)) == people
