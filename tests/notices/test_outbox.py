"""What goes into the outbox, what leaves it, and what remains after a failure."""

import itertools
import smtplib
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from peersupport.access.permissions import Role
from peersupport.notices import queries
from peersupport.notices.actions import outbox
from peersupport.notices.domain.channels import Channel
from peersupport.notices.models import Notice
from peersupport.team.models import User
from tests.cast import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2031, 3, 4, 2, 7, 31, tzinfo=UTC)


@pytest.fixture
def ana():
    return make_user("Ana Alvarez", Role.MEMBER)


@pytest.fixture
def ben():
    return make_user("Ben Brandt", Role.MEMBER)


PLACES = 65_535  # the most values that PostgreSQL takes in one statement


@contextmanager
def few_values_in_each_statement():
    def counted(execute, sql, params, many, context):
        assert len(params or ()) <= PLACES
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        yield


def test_however_many_are_notified_no_statement_has_too_many_values():
    everybody = User.objects.bulk_create(
        [User(name=f"Person{n} Perez", email=f"person{n}@example.org", password="!") for n in range(12_000)]
    )
    with few_values_in_each_statement():
        outbox.notify_all(user_ids=[user.pk for user in everybody], urgent=True)
        assert Notice.objects.count() == len(everybody)
        assert queries.with_phone_alert(range(PLACES + 1)) == set()


class RefusesEverything(BaseEmailBackend):
    """A mail server that refuses everything."""

    def send_messages(self, email_messages):
        raise smtplib.SMTPServerDisconnected("gone")


def waiting():
    return sorted(Notice.objects.values_list("recipient__name", "is_urgent"))


def test_a_person_has_one_notice_for_each_urgency(ana, ben):
    for _ in range(3):
        outbox.notify(user_id=ana.pk)
        outbox.notify(user_id=ana.pk, urgent=True)
    outbox.notify_all(user_ids=[ben.pk, ana.pk, ben.pk])
    assert waiting() == [("Ana Alvarez", False), ("Ana Alvarez", True), ("Ben Brandt", False)]


def test_a_notice_is_rolled_back_with_its_cause(ana):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.notify(user_id=ana.pk, urgent=True)
        raise ZeroDivisionError
    assert waiting() == []


def test_every_notice_has_the_same_text_and_nothing_more(ana, ben):
    outbox.notify(user_id=ana.pk)
    outbox.notify(user_id=ben.pk, urgent=True)
    assert outbox.send(urgent=False, now=NOW) == outbox.send(urgent=True, now=NOW) == 1
    assert [(m.to, m.cc, m.bcc) for m in mail.outbox] == [([ana.email], [], []), ([ben.email], [], [])]
    assert {(m.subject, m.body) for m in mail.outbox} == {
        (
            "Something is waiting for you",
            "Something is waiting for you in the peer support program.\n\nSign in to see it: http://testserver/sign-in/\n",
        )
    }
    assert waiting() == []


def test_a_notice_that_can_wait_does_not_leave_with_urgent_ones(ana):
    outbox.notify(user_id=ana.pk)
    assert outbox.send(urgent=True, now=NOW) == 0
    assert waiting() == [("Ana Alvarez", False)]


def test_an_inactive_account_gets_no_mail(ana):
    outbox.notify(user_id=ana.pk)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert outbox.send(urgent=False, now=NOW) == 0
    assert (mail.outbox, waiting()) == ([], [])


def test_a_refusing_mail_server_is_tried_again_with_growing_pauses(ana, settings):
    outbox.notify(user_id=ana.pk)
    settings.EMAIL_BACKEND = f"{__name__}.RefusesEverything"
    tried_at = [minute for minute in range(240) if _tries_change(lambda m=minute: _send_at(NOW + timedelta(minutes=m)))]
    pauses = [later - earlier for earlier, later in itertools.pairwise(tried_at)]
    assert pauses == [8, 15, 25, 45, 65, 65]  # rounded up to whole steps of five minutes
    assert waiting() == [("Ana Alvarez", False)]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    _send_at(NOW + timedelta(minutes=300))
    assert (len(mail.outbox), waiting()) == (1, [])


def _send_at(now):
    outbox.send(urgent=False, now=now)


def _tries_change(step):
    before = Notice.objects.get().tries
    step()
    return Notice.objects.get().tries != before


def test_a_failing_address_delays_no_other(ana, ben):
    User.objects.filter(pk=ana.pk).update(email="ana@example.org\nbcc: x@example.org")
    outbox.notify_all(user_ids=[ana.pk, ben.pk])
    assert outbox.send(urgent=False, now=NOW) == 1
    assert [m.to for m in mail.outbox] == [[ben.email]]
    assert waiting() == [("Ana Alvarez", False)]


def test_a_notice_that_keeps_failing_is_counted_for_the_operator(ana, settings):
    outbox.notify(user_id=ana.pk)
    settings.EMAIL_BACKEND = f"{__name__}.RefusesEverything"
    counts = []
    for hours in range(5):
        _send_at(NOW + timedelta(hours=2 * hours))
        counts.append(queries.stuck(Channel.MAIL).count())
    assert counts == [0, 0, 0, 1, 1]


def test_a_notice_of_a_killed_worker_is_sent_when_its_claim_lapses(ana):
    outbox.notify(user_id=ana.pk)
    notice = Notice.objects.get()
    assert outbox._claim(notice.pk, NOW)  # and then the power fails
    _send_at(NOW + timedelta(minutes=1))
    assert mail.outbox == []
    _send_at(NOW + timedelta(minutes=10))
    assert (len(mail.outbox), waiting()) == (1, [])


def test_an_event_while_a_mail_is_being_sent_is_notified_too(ana, settings):
    """The person may have read the first mail before the second event."""
    outbox.notify(user_id=ana.pk)
    settings.EMAIL_BACKEND = f"{__name__}.NotifiesDuringSending"
    _send_at(NOW)
    assert waiting() == [("Ana Alvarez", False)]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    _send_at(NOW)
    assert (len(mail.outbox), waiting()) == (1, [])


class NotifiesDuringSending(BaseEmailBackend):
    def send_messages(self, email_messages):
        outbox.notify(user_id=User.objects.get().pk)
        return len(email_messages)


def test_an_urgent_notice_wakes_the_sender_after_the_commit(ana, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        outbox.notify(user_id=ana.pk, urgent=True)
        assert mail.outbox == []
    assert [m.to for m in mail.outbox] == [[ana.email]]


def test_a_notice_that_can_wait_wakes_nobody(ana, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        outbox.notify(user_id=ana.pk)
    assert callbacks == []


def test_a_row_holds_nothing_about_its_cause():
    assert {field.name for field in Notice._meta.get_fields()} == {
        "id", "recipient", "is_urgent", "channel", "claim", "claimed_until", "tries",
    }  # fmt: skip
    assert set(Notice.retention.fields) == {field.name for field in Notice._meta.get_fields()}
