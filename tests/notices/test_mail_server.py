"""Against a real mail server: what travels, and what a server that fails does."""

from datetime import UTC, datetime, timedelta

import pytest

from peersupport.access.permissions import Role
from peersupport.notices.actions import outbox, phone_alerts
from peersupport.notices.models import Notice
from tests.cast import make_user
from tests.inbox import silent_server
from tests.notices.receiver import allow, receiving
from tests.services import free_port

pytestmark = pytest.mark.django_db
NOW = datetime(2031, 3, 4, 2, 7, 31, tzinfo=UTC)


@pytest.fixture
def ana():
    return make_user("Ana Alvarez", Role.MEMBER)


def test_a_mail_has_an_address_and_the_one_text(inbox, ana):
    outbox.notify(user_id=ana.pk, urgent=True)
    assert outbox.send(urgent=True, now=NOW) == 1
    [(sender, recipients, content)] = inbox.mails
    assert (sender, recipients) == ("peer-support@example.org", ["ana@example.org"])
    head, _, body = content.partition("\r\n\r\n")
    assert {line.partition(":")[0] for line in head.split("\r\n")} == {
        "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date", "Message-ID",
        "Auto-Submitted",
    }  # fmt: skip
    assert " ".join(body.split()) == (
        "Something is waiting for you in the peer support program. Sign in to see it: http://testserver/sign-in/"
    )
    assert "Ana" not in content


@pytest.mark.parametrize("answer", ["451 later", "550 no such mailbox"])
def test_a_mail_that_the_server_refused_is_sent_again(inbox, ana, answer):
    inbox.answer = answer
    outbox.notify(user_id=ana.pk)
    assert outbox.send(urgent=False, now=NOW) == 0
    assert Notice.objects.count() == 1
    inbox.answer = "250 taken"
    assert outbox.send(urgent=False, now=NOW + timedelta(minutes=10)) == 1
    assert (len(inbox.mails), Notice.objects.count()) == (1, 0)


def test_an_unreachable_server_loses_no_notice(settings, ana):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    outbox.notify(user_id=ana.pk)
    assert outbox.send(urgent=False, now=NOW) == 0
    assert Notice.objects.count() == 1


@pytest.fixture
def team_of_ten():
    return [make_user(f"Person{number} Perez", Role.MEMBER) for number in range(10)]


def addressed(inbox):
    return sorted(address for _, [address], _ in inbox.mails)


def test_a_round_is_one_connection(inbox, team_of_ten):
    outbox.notify_all(user_ids=[user.pk for user in team_of_ten])
    assert outbox.send(urgent=False, now=NOW) == 10
    assert addressed(inbox) == sorted(user.email for user in team_of_ten)
    assert len(inbox.connections) == 1


@pytest.mark.fault(
    "Mail",
    "The mail server says that there is no such address (550), of a member’s notice",
    people="The member gets no mail, and their phone alert all the same. All others get theirs.",
    heals="It is tried again, at most once an hour; the operator’s home and `doctor` count what can’t be sent",
)
def test_a_refused_address_delays_no_other(inbox, team_of_ten):
    inbox.unknown = {team_of_ten[0].email, team_of_ten[5].email}
    outbox.notify_all(user_ids=[user.pk for user in team_of_ten])
    assert outbox.send(urgent=False, now=NOW) == 8
    assert set(Notice.objects.values_list("recipient__email", flat=True)) == inbox.unknown
    assert len(inbox.connections) == 1


def test_a_server_that_closes_after_a_few_mails_gets_all_of_them(inbox, team_of_ten):
    inbox.most_per_connection = 3
    outbox.notify_all(user_ids=[user.pk for user in team_of_ten])
    assert outbox.send(urgent=False, now=NOW) == 8
    assert outbox.send(urgent=False, now=NOW + timedelta(minutes=10)) == 2
    assert addressed(inbox) == sorted(user.email for user in team_of_ten)


@pytest.mark.fault(
    "Mail",
    "The mail server accepts the connection and says nothing",
    people="Mails come late. Phone alerts have left before.",
    heals="A round waits for it once, ten seconds; the next one tries again",
)
def test_a_silent_server_is_waited_for_once_in_a_round(settings, team_of_ten):
    outbox.notify_all(user_ids=[user.pk for user in team_of_ten])
    with silent_server(settings) as connections:
        assert outbox.send(urgent=False, now=NOW) == 0
    assert len(connections) == 1
    assert sorted(Notice.objects.values_list("tries", flat=True)) == [0] * 9 + [1]


def test_a_silent_mail_server_delays_no_phone_alert(settings, team_of_ten):
    connections_by_then: list[int] = []
    with receiving() as receiver, silent_server(settings) as connections:
        allow(settings, receiver)
        for user in team_of_ten:
            phone_alerts.set_address(user_id=user.pk, address=receiver.address(str(user.pk)))
        outbox.notify_all(user_ids=[user.pk for user in team_of_ten], urgent=True)
        receiver.on_alert = lambda: connections_by_then.append(len(connections))
        assert outbox.send(urgent=True, now=NOW) == 10
    assert connections_by_then == [0] * 10, "before the mail server was even called"


@pytest.mark.fault(
    "Mail",
    "The mail server closes the connection in the middle of a mail",
    people="That mail comes some minutes late, and the others with the next round",
    heals="By itself. Each that had left isn’t sent again.",
)
def test_what_a_cut_connection_leaves_over_is_sent_once_and_completely(inbox, team_of_ten):
    inbox.hangs_up_after = 3
    outbox.notify_all(user_ids=[user.pk for user in team_of_ten])
    assert outbox.send(urgent=False, now=NOW) == 3
    assert sorted(Notice.objects.values_list("tries", flat=True)) == [0] * 6 + [1]
    inbox.hangs_up_after = None
    assert outbox.send(urgent=False, now=NOW + timedelta(minutes=1)) == 6, "one is still claimed"
    assert outbox.send(urgent=False, now=NOW + timedelta(minutes=10)) == 1
    assert addressed(inbox) == sorted(user.email for user in team_of_ten)


def test_a_mail_that_ends_the_connection_each_time_comes_last(inbox, team_of_ten):
    outbox.notify_all(user_ids=[user.pk for user in team_of_ten])
    first = Notice.objects.order_by("pk").first()
    inbox.hangs_up_at = first.recipient.email
    assert outbox.send(urgent=False, now=NOW) == 0
    assert outbox.send(urgent=False, now=NOW + timedelta(minutes=30)) == 9
    assert list(Notice.objects.all()) == [first]
