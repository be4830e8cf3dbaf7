"""Nobody's phone rings more often than the setting says, however much waits, and nothing that waits is lost."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPDataError

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection

from peersupport.access.permissions import Role
from peersupport.notices import alert_services, quiet_times
from peersupport.notices.actions import outbox
from peersupport.notices.domain.channels import Channel
from peersupport.notices.models import Notice, PhoneAlert, QuietTime
from peersupport.team.models import User
from tests.cast import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2031, 3, 4, 2, 7, 31, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def ana() -> User:
    return make_user("Ana Alvarez", Role.MEMBER)


def send(now: datetime) -> int:
    return outbox.send(urgent=True, now=now)


def test_two_hundred_urgent_events_in_45_seconds_are_one_mail_and_one_more_when_it_is_quiet_no_longer(
    ana: User,
) -> None:
    for number in range(200):
        outbox.notify(user_id=ana.pk, urgent=True)
        send(NOW + number * 45 * SECOND / 200)
    assert len(mail.outbox) == 1
    sent = [minute for minute in range(1, 11) if send(NOW + minute * MINUTE)]
    assert (sent, len(mail.outbox)) == ([4], 2), "at 02:11, more than three minutes after 02:07:31"
    assert not Notice.objects.exists()


def test_the_first_is_sent_at_once_and_the_quiet_time_leaves_with_the_round_that_follows_it(ana: User) -> None:
    outbox.notify(user_id=ana.pk, urgent=True)
    assert send(NOW) == 1
    assert QuietTime.objects.get().until == datetime(2031, 3, 4, 2, 11, tzinfo=UTC)
    send(NOW + 3 * MINUTE)
    assert QuietTime.objects.exists()
    send(NOW + 4 * MINUTE)
    assert not QuietTime.objects.exists()


def test_without_a_quiet_time_each_event_is_sent(ana: User, settings) -> None:
    settings.QUIET_MINUTES = 0
    for _ in range(3):
        outbox.notify(user_id=ana.pk, urgent=True)
        assert send(NOW) == 1
    assert not QuietTime.objects.exists()


def test_what_can_wait_neither_waits_for_a_quiet_time_nor_begins_one(ana: User) -> None:
    outbox.notify(user_id=ana.pk, urgent=True)
    send(NOW)
    outbox.notify(user_id=ana.pk)
    assert outbox.send(urgent=False, now=NOW) == 1
    assert QuietTime.objects.count() == 1


def test_the_quiet_time_of_one_person_is_nobody_elses(ana: User) -> None:
    ben = make_user("Ben Brandt", Role.MEMBER)
    outbox.notify(user_id=ana.pk, urgent=True)
    send(NOW)
    outbox.notify_all(user_ids=[ana.pk, ben.pk], urgent=True)
    assert send(NOW + SECOND) == 1
    assert mail.outbox[-1].to == [ben.email]


def test_a_copy_of_the_database_does_not_show_who_was_alerted(ana: User, settings) -> None:
    outbox.notify(user_id=ana.pk, urgent=True)
    send(NOW)
    row = QuietTime.objects.get()
    mark = bytes(row.mark)
    assert mark == quiet_times.mark_of(Channel.MAIL, ana.pk, row.until)
    outbox.notify(user_id=ana.pk, urgent=True)
    send(NOW + 4 * MINUTE)
    assert bytes(QuietTime.objects.get().mark) != mark, "two copies do not show that it was the same person"
    settings.HOST_SECRET = "another host secret, of 32 characters"
    assert mark not in {quiet_times.mark_of(Channel.MAIL, number, row.until) for number in range(ana.pk + 100)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notices_quiettime")
        assert [column[0] for column in cursor.description] == ["mark", "until"]


def test_a_killed_sender_keeps_nobody_unalerted(ana: User) -> None:
    outbox.notify(user_id=ana.pk, urgent=True)
    assert outbox._claim(Notice.objects.get().pk, NOW)  # and then the power fails
    assert [send(NOW + minute * MINUTE) for minute in range(1, 11)].index(1) == 7, "when its claim lapses"
    assert len(mail.outbox) == 1


class NotifiesDuringSending(BaseEmailBackend):
    """While a mail leaves, a newer event takes its claim, and a second sender wakes."""

    senders = 0

    def send_messages(self, email_messages):
        outbox.notify(user_id=User.objects.get().pk, urgent=True)
        NotifiesDuringSending.senders += send(NOW)


def test_a_second_sender_does_not_send_what_a_newer_event_took_from_the_first(ana: User, settings) -> None:
    outbox.notify(user_id=ana.pk, urgent=True)
    settings.EMAIL_BACKEND = f"{__name__}.NotifiesDuringSending"
    assert (send(NOW), NotifiesDuringSending.senders) == (1, 0)
    assert Notice.objects.get().tries == 0, "the newer event waits, and hasn't been tried"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send(NOW + 4 * MINUTE) == 1


def test_an_alert_that_did_not_get_through_begins_no_quiet_time(ana: User) -> None:
    PhoneAlert.objects.create(user=ana, sealed_address=alert_services.seal(ana.pk, "nowhere://ana"))
    outbox.notify(user_id=ana.pk, urgent=True)
    send(NOW)
    row = QuietTime.objects.get()
    assert bytes(row.mark) == quiet_times.mark_of(Channel.MAIL, ana.pk, row.until)


class RefusesEverything(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise SMTPDataError(451, b"later")


def test_a_mail_that_did_not_leave_begins_no_quiet_time(ana: User, settings) -> None:
    outbox.notify(user_id=ana.pk, urgent=True)
    settings.EMAIL_BACKEND = f"{__name__}.RefusesEverything"
    assert (send(NOW), QuietTime.objects.count()) == (0, 0)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send(NOW + 10 * MINUTE) == 1


def test_what_cannot_leave_ends_no_quiet_time_that_an_urgent_notice_began(ana: User, settings) -> None:
    outbox.notify(user_id=ana.pk, urgent=True)
    send(NOW)
    outbox.notify(user_id=ana.pk)
    settings.EMAIL_BACKEND = f"{__name__}.RefusesEverything"
    outbox.send(urgent=False, now=NOW)
    assert QuietTime.objects.count() == 1


def test_a_quiet_time_of_a_clock_that_was_ahead_counts_as_over(ana: User) -> None:
    outbox.notify(user_id=ana.pk, urgent=True)
    send(NOW + timedelta(days=1))
    outbox.notify(user_id=ana.pk, urgent=True)
    assert send(NOW) == 1
    assert QuietTime.objects.get().until < NOW + 5 * MINUTE, "and the other is deleted"
