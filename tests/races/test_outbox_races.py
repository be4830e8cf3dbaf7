"""Two senders at one outbox, many who notify the same person at once, and a sender killed while it alerts a phone."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from peersupport.access.permissions import Role
from peersupport.notices.actions import outbox, phone_alerts
from peersupport.notices.models import Notice
from tests.cast import make_user
from tests.notices.receiver import allow, receiving
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2031, 3, 4, 2, 7, 31, tzinfo=UTC)


def send_and_say_to_whom():
    outbox.send(urgent=False, now=NOW)
    return [m.to[0] for m in mail.outbox]


def test_each_notice_is_sent_by_one_of_the_senders():
    people = [make_user(f"Person{n} Sample", Role.MEMBER) for n in range(12)]
    outbox.notify_all(user_ids=[person.pk for person in people])
    outcomes = race(send_and_say_to_whom, {}, {}, {})
    assert [outcome.error for outcome in outcomes] == [None] * 3
    assert sorted(address for outcome in outcomes for address in outcome.value) == sorted(p.email for p in people)
    assert Notice.objects.count() == 0


def test_many_causes_at_once_are_one_notice_and_no_deadlock():
    """Everybody is told of everything, in whatever order the callers name them."""
    people = [make_user(f"Person{n} Sample", Role.MEMBER).pk for n in range(60)]
    orders = [{"user_ids": people}, {"user_ids": people[::-1]}] * 3
    for _ in range(4):
        assert {outcome.error for outcome in race(outbox.notify_all, *orders)} == {None}
    assert sorted(Notice.objects.values_list("recipient", flat=True)) == people


@pytest.fixture
def receiver(settings):
    with receiving() as receiver:
        allow(settings, receiver)
        yield receiver


def test_each_phone_alert_is_sent_by_one_of_the_senders(receiver):
    people = [make_user(f"Person{n} Sample", Role.MEMBER) for n in range(12)]
    for person in people:
        phone_alerts.set_address(user_id=person.pk, address=receiver.address(person.name.split()[0]))
    outbox.notify_all(user_ids=[person.pk for person in people])
    outcomes = race(send_and_say_to_whom, {}, {}, {})
    assert [outcome.error for outcome in outcomes] == [None] * 3
    assert receiver.recipients == sorted(person.name.split()[0] for person in people)
    assert len([address for outcome in outcomes for address in outcome.value]) == len(people)
    assert Notice.objects.count() == 0


def test_a_sender_killed_during_an_alert_loses_nothing_and_the_next_sends_it_again(receiver):
    ana = make_user("Ana Alvarez", Role.MEMBER)
    receiver.kills_the_caller = True

    def alert_and_be_killed():
        phone_alerts.set_address(user_id=ana.pk, address=receiver.address(str(os.getpid())))
        outbox.notify(user_id=ana.pk)
        outbox.send(urgent=False, now=NOW)

    assert [outcome.error for outcome in race(alert_and_be_killed, {})] == ["Died"]
    assert len(receiver.alerts) == 1 and Notice.objects.count() == 2, "its alert and its mail"
    receiver.kills_the_caller = False
    outbox.send(urgent=False, now=NOW + timedelta(minutes=1))
    assert len(receiver.alerts) == 1 and [m.to for m in mail.outbox] == [[ana.email]], "the mail had not been claimed"
    outbox.send(urgent=False, now=NOW + timedelta(minutes=10))
    assert len(receiver.alerts) == 2 and len(mail.outbox) == 1 and Notice.objects.count() == 0
