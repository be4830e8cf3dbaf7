"""When a service fails: how often it is tried, and that nobody is alerted again who may have been alerted."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from peersupport.access.permissions import Role
from peersupport.core.backoff import next_try
from peersupport.notices import alert_services, queries, quiet_times
from peersupport.notices.actions import outbox, phone_alerts
from peersupport.notices.domain.channels import Channel
from peersupport.notices.domain.delivery import Delivery
from peersupport.notices.models import Notice, PhoneAlert, QuietTime
from peersupport.team.models import User
from tests.cast import make_user
from tests.inbox import Inbox, silent_server
from tests.notices.receiver import Receiver, allow, receiving

pytestmark = pytest.mark.django_db
NOW = datetime(2031, 3, 4, 2, 7, 31, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TOO_MANY_REQUESTS, UNAVAILABLE = 429, 503


@pytest.fixture
def receiver(settings):
    with receiving() as receiver:
        allow(settings, receiver)
        yield receiver


@pytest.fixture
def ana(receiver: Receiver) -> User:
    user = make_user("Ana Alvarez", Role.MEMBER)
    phone_alerts.set_address(user_id=user.pk, address=receiver.address("ana"))
    return user


def event(user: User, now: datetime) -> None:
    """Something urgent happens, and wakes the sender."""
    outbox.notify(user_id=user.pk, urgent=True)
    outbox.send(urgent=True, now=now)


def tries() -> int:
    return Notice.objects.get(channel=Channel.PHONE).tries


def tried_at(user: User, *, minutes: int, events_at: frozenset[int] | None = None) -> list[int]:
    """The minutes of these in which a try was made; with an event in each, or in those named."""
    found, before = [], tries()
    for minute in range(1, minutes):
        now = NOW + minute * MINUTE
        if events_at is None or minute in events_at:
            event(user, now)
        else:
            outbox.send(urgent=True, now=now)
        if tries() != before:
            found.append(minute)
        before = tries()
    return found


# How often a service is tried


@pytest.mark.parametrize("status", [TOO_MANY_REQUESTS, UNAVAILABLE])
def test_four_events_while_a_service_fails_for_seconds_cost_one_try(receiver: Receiver, ana: User, status: int) -> None:
    receiver.status = status
    for number in range(4):
        event(ana, NOW + 2 * number * SECOND)
    assert tries() == 1 and queries.reachable_by_phone([ana.pk]) == {ana.pk}
    receiver.status = 200
    outbox.send(urgent=True, now=NOW + 8 * MINUTE)
    assert receiver.recipients == ["ana"] and not Notice.objects.filter(channel=Channel.PHONE).exists()


def test_without_events_the_pauses_of_a_failing_service_grow(receiver: Receiver, ana: User) -> None:
    receiver.status = UNAVAILABLE
    event(ana, NOW)
    assert tried_at(ana, minutes=60, events_at=frozenset()) == [8, 23, 48]


def test_an_event_brings_a_try_forward_only_where_the_last_is_five_minutes_ago(receiver: Receiver, ana: User) -> None:
    receiver.status = UNAVAILABLE
    event(ana, NOW)
    assert tried_at(ana, minutes=60, events_at=frozenset({1, 9, 12, 30})) == [8, 18, 30]


def test_events_in_each_minute_make_no_more_than_a_try_in_five(receiver: Receiver, ana: User) -> None:
    receiver.status = UNAVAILABLE
    event(ana, NOW)
    found = tried_at(ana, minutes=120)
    assert min(later - earlier for earlier, later in zip([0, *found], found, strict=False)) >= 5


def test_somebody_whose_service_failed_long_ago_gets_a_new_alert_at_once(receiver: Receiver, ana: User) -> None:
    receiver.status = UNAVAILABLE
    event(ana, NOW)
    tried_at(ana, minutes=100, events_at=frozenset())
    assert queries.reachable_by_phone([ana.pk]) == set()
    receiver.status = 200
    event(ana, NOW + 110 * MINUTE)
    assert receiver.recipients == ["ana"] and queries.reachable_by_phone([ana.pk]) == {ana.pk}


def test_an_alert_that_failed_leaves_nobody_out_of_the_next(receiver: Receiver, ana: User) -> None:
    receiver.status = UNAVAILABLE
    event(ana, NOW)
    Notice.objects.filter(channel=Channel.PHONE).update(tries=queries.STUCK_AFTER_TRIES)
    outbox.notify(user_id=ana.pk)
    assert Notice.objects.filter(channel=Channel.PHONE, is_urgent=False).exists()


def test_the_pause_after_an_event_knows_every_length_of_a_pause() -> None:
    assert next_try(NOW, queries.LONGEST_PAUSE_AFTER) == next_try(NOW, 500)
    assert next_try(NOW, queries.LONGEST_PAUSE_AFTER - 1) < next_try(NOW, 500)


# Who may have been alerted


def became(receiver: Receiver) -> Delivery:
    return alert_services.send_all([PhoneAlert.objects.get()])[0]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Delivery.DELIVERED),
        (302, Delivery.REFUSED),
        (403, Delivery.REFUSED),
        (429, Delivery.REFUSED),
        (500, Delivery.UNCERTAIN),
        (504, Delivery.UNCERTAIN),
    ],
)
def test_what_a_service_answers_tells_whether_it_certainly_refused(
    receiver: Receiver, ana: User, status: int, outcome: Delivery
) -> None:
    receiver.status = status
    assert became(receiver) == outcome


def test_an_answer_that_was_lost_is_uncertain(receiver: Receiver, ana: User) -> None:
    receiver.answer_is_lost = True
    assert became(receiver) == Delivery.UNCERTAIN and receiver.recipients == ["ana"]


def test_an_answer_that_comes_too_late_is_uncertain(receiver: Receiver, ana: User, monkeypatch) -> None:
    import apprise

    monkeypatch.setattr(apprise.URLBase, "socket_read_timeout", 0.2)
    receiver.on_alert = lambda: time.sleep(0.6)
    assert became(receiver) == Delivery.UNCERTAIN and receiver.recipients == ["ana"]


def test_a_service_that_cannot_be_connected_to_was_never_called(receiver: Receiver, ana: User, settings) -> None:
    settings.PHONE_ALERT_SERVERS = ["localhost:1"]
    phone_alerts.set_address(user_id=ana.pk, address="json://localhost:1/ana")
    assert became(receiver) == Delivery.REFUSED


def test_each_of_many_at_once_is_told_from_the_others(receiver: Receiver, ana: User, settings) -> None:
    settings.PHONE_ALERT_SERVERS = [receiver.server, "localhost:1"]
    receiver.answer_is_lost = True
    addresses = [receiver.address("ana"), "json://localhost:1/ana", "nowhere://ana"] * 5
    alerts = [PhoneAlert(user=ana, sealed_address=alert_services.seal(ana.pk, each)) for each in addresses]
    assert alert_services.send_all(alerts) == [Delivery.UNCERTAIN, Delivery.REFUSED, Delivery.REFUSED] * 5


def is_quiet(user: User, channel: Channel, now: datetime = NOW) -> bool:
    return bool(quiet_times.quiet(channel, [user.pk], now))


def test_after_an_alert_whose_answer_was_lost_the_next_waits_for_the_quiet_time(
    receiver: Receiver, ana: User, settings
) -> None:
    settings.QUIET_MINUTES = 30
    receiver.answer_is_lost = True
    for number in range(5):
        event(ana, NOW + number * 10 * SECOND)
    assert receiver.recipients == ["ana"] and is_quiet(ana, Channel.PHONE)
    receiver.answer_is_lost = False
    assert [minute for minute in range(1, 40) if _rings(receiver, minute)] == [31]


def _rings(receiver: Receiver, minute: int) -> bool:
    before = len(receiver.alerts)
    outbox.send(urgent=True, now=NOW + minute * MINUTE)
    return len(receiver.alerts) > before


def test_after_an_alert_that_was_refused_it_is_not_quiet(receiver: Receiver, ana: User) -> None:
    receiver.status = TOO_MANY_REQUESTS
    event(ana, NOW)
    assert not is_quiet(ana, Channel.PHONE) and is_quiet(ana, Channel.MAIL)


@pytest.mark.fault(
    "Mail",
    "The mail server takes a mail and is gone before it says so",
    people="The same mail a second time, once the quiet time is over",
    heals="By itself: at least once, and never before the quiet time is over",
)
def test_after_a_mail_that_was_taken_and_not_confirmed_it_is_quiet(inbox: Inbox, ana: User, settings) -> None:
    settings.QUIET_MINUTES = 30
    inbox.answer_is_lost = True
    event(ana, NOW)
    assert len(inbox.mails) == 1 and is_quiet(ana, Channel.MAIL)
    inbox.answer_is_lost = False
    for minute in range(1, 31):
        event(ana, NOW + minute * MINUTE)
    assert len(inbox.mails) == 1
    event(ana, NOW + 31 * MINUTE)
    assert len(inbox.mails) == 2


@pytest.mark.parametrize("answer", ["451 later", "550 no such mailbox", "421 closing"])
def test_after_a_mail_that_was_refused_it_is_not_quiet(inbox: Inbox, ana: User, answer: str) -> None:
    inbox.answer = answer
    event(ana, NOW)
    assert not is_quiet(ana, Channel.MAIL)


def test_after_a_mail_server_that_could_not_be_connected_to_it_is_not_quiet(ana: User, settings) -> None:
    with silent_server(settings):
        event(ana, NOW)
    assert not is_quiet(ana, Channel.MAIL)


# A slow server


class TakesHalfASecond(EmailBackend):
    def send_messages(self, messages):
        time.sleep(0.5)
        return super().send_messages(messages)


def test_each_quiet_time_counts_from_the_moment_its_own_mail_had_left(ana: User, settings) -> None:
    ben, cleo = make_user("Ben Brandt", Role.MEMBER), make_user("Cleo Cruz", Role.MEMBER)
    settings.EMAIL_BACKEND = f"{__name__}.TakesHalfASecond"
    outbox.notify_all(user_ids=[ana.pk, ben.pk, cleo.pk], urgent=True)
    began = datetime(2031, 3, 4, 3, 59, 59, 200_000, tzinfo=UTC)
    outbox.send(urgent=True, now=began)  # they have left at 59.7, at 60.2 and at 60.7 seconds
    by_address = {user.email: user.pk for user in (ana, ben, cleo)}
    addressees = [by_address[sent.to[0]] for sent in mail.outbox]
    later = datetime(2031, 3, 4, 4, 3, tzinfo=UTC)
    assert quiet_times.quiet(Channel.MAIL, addressees, later) == {*addressees[1:]}
    assert quiet_times.quiet(Channel.MAIL, addressees, later - SECOND) == {*addressees}
    assert QuietTime.objects.count() == 4, "one of each mail and one of the phone alert"
