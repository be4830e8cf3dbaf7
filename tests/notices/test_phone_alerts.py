"""Phone alerts, sent to a real receiver on this machine, and what no address may reach."""

import inspect
import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail

import peersupport
from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.notices import alert_services, queries
from peersupport.notices.actions import outbox, phone_alerts
from peersupport.notices.alert_services import AlertOutcome
from peersupport.notices.domain.channels import Channel
from peersupport.notices.domain.delivery import Delivery
from peersupport.notices.models import Notice, PhoneAlert
from tests.cast import make_user
from tests.notices.receiver import allow, receiving
from tests.notices.test_outbox import RefusesEverything

pytestmark = pytest.mark.django_db
ROOT = Path(peersupport.__file__).parents[1]
LOADS_APPRISE = re.compile(r"(import|from) apprise")
FROM_TO = "12025550143/12025550144"
# A service that notes beside itself in which threads it was made and called.
NOTED = """
import pathlib, threading
from apprise import NotifyBase
from apprise.decorators import notify
from apprise.manager_plugins import NotificationManager

def note(name):
    with (pathlib.Path(__file__).parent / name).open("a") as file:
        print(threading.current_thread().name, file=file)

class Noted(NotifyBase):
    service_name = "Noted"
    protocol = "noted"
    templates = ("{schema}://{host}",)
    mode = "cloud"

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        note("made")

    def url(self, *args, **kwargs):
        return "noted://x"

    def send(self, *args, **kwargs):
        note("called")
        return True

    @staticmethod
    def parse_url(url):
        return NotifyBase.parse_url(url, verify_host=False)

NotificationManager().add(Noted, schemas="noted")
"""
NOW = datetime(2031, 3, 4, 2, 7, 31, tzinfo=UTC)


@pytest.fixture(scope="module")
def shared_receiver():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def receiver(shared_receiver, settings):
    allow(settings, shared_receiver)
    shared_receiver.alerts, shared_receiver.status, shared_receiver.location = [], 200, ""
    shared_receiver.answer_is_lost = False
    return shared_receiver


@pytest.fixture
def ana(receiver):
    user = make_user("Ana Alvarez", Role.MEMBER)
    phone_alerts.set_address(user_id=user.pk, address=receiver.address("ana"))
    return user


@pytest.fixture
def ben():
    return make_user("Ben Brandt", Role.MEMBER)


def send(minutes=0, *, urgent=True):
    return outbox.send(urgent=urgent, now=NOW + timedelta(minutes=minutes))


def waiting():
    return sorted(Notice.objects.values_list("recipient__name", "channel"))


# Sending


def test_a_notice_has_the_same_text_by_phone_and_by_mail(receiver, ana, ben):
    outbox.notify_all(user_ids=[ana.pk, ben.pk], urgent=True)
    assert send() == 3
    [(path, posted)] = receiver.alerts
    assert (path, posted["title"], posted["message"].split()) == (
        "/ana",
        mail.outbox[0].subject,
        mail.outbox[0].body.split(),
    )
    assert set(posted) == {"version", "title", "message", "attachments", "type"} and posted["attachments"] == []
    assert sorted(m.to[0] for m in mail.outbox) == [ana.email, ben.email] and waiting() == []


def test_a_notice_that_can_wait_alerts_in_its_own_round_only(receiver, ana):
    outbox.notify(user_id=ana.pk)
    assert send(urgent=True) == 0 and receiver.alerts == []
    assert send(urgent=False) == 2 and receiver.recipients == ["ana"]


@pytest.mark.parametrize("status", [500, 403, 302])
def test_a_refused_alert_delays_no_mail_and_is_tried_again_alone(receiver, ana, status):
    receiver.status = status
    receiver.location = f"http://{receiver.server}/elsewhere" if status == 302 else ""
    outbox.notify(user_id=ana.pk, urgent=True)
    assert send() == 1 and len(mail.outbox) == 1 and waiting() == [("Ana Alvarez", "phone")]
    receiver.status, receiver.location = 200, ""
    assert send(1) == 0 and receiver.alerts == [], "its pause isn't over"
    assert send(10) == 1 and receiver.recipients == ["ana"] and len(mail.outbox) == 1 and waiting() == []


def test_an_unreachable_mail_server_sends_no_alert_twice(receiver, ana, settings):
    settings.EMAIL_BACKEND = f"{RefusesEverything.__module__}.RefusesEverything"
    outbox.notify(user_id=ana.pk, urgent=True)
    assert send() == 1 and waiting() == [("Ana Alvarez", "mail")]
    assert send(10) == 0 and receiver.recipients == ["ana"]


def test_one_unreachable_service_delays_no_other_alert(receiver, ana, ben, settings):
    settings.PHONE_ALERT_SERVERS = [*settings.PHONE_ALERT_SERVERS, "localhost:1"]
    phone_alerts.set_address(user_id=ben.pk, address="json://localhost:1/ben")
    outbox.notify_all(user_ids=[ana.pk, ben.pk], urgent=True)
    assert send() == 3 and receiver.recipients == ["ana"] and waiting() == [("Ben Brandt", "phone")]


def test_an_alert_of_a_killed_worker_is_sent_when_its_claim_lapses(receiver, ana):
    outbox.notify(user_id=ana.pk, urgent=True)
    claimed = [outbox._claim(pk, NOW) for pk in queries.due(channel=Channel.PHONE, urgent=True, now=NOW)]
    assert len(claimed) == 1 and claimed[0] is not None  # and then the power fails
    assert send(1) == 1 and receiver.alerts == [] and len(mail.outbox) == 1, "the mail alone"
    assert send(10) == 1 and receiver.recipients == ["ana"] and waiting() == []


def test_two_senders_send_one_alert(receiver, ana):
    outbox.notify(user_id=ana.pk, urgent=True)
    [pk] = queries.due(channel=Channel.PHONE, urgent=True, now=NOW)
    assert outbox._claim(pk, NOW) and outbox._claim(pk, NOW) is None


def test_an_inactive_account_is_not_alerted(receiver, ana):
    outbox.notify(user_id=ana.pk, urgent=True)
    type(ana).objects.update(is_active=False)
    assert send() == 0 and receiver.alerts == [] and waiting() == []


# Whose alert


def test_an_alert_that_keeps_failing_counts_as_none_until_it_succeeds(receiver, ana, ben):
    assert queries.reachable_by_phone([ana.pk, ben.pk]) == {ana.pk}
    receiver.status = 500
    outbox.notify(user_id=ana.pk, urgent=True)
    for hours in range(4):
        send(120 * hours)
    assert queries.reachable_by_phone([ana.pk]) == set() and queries.stuck(Channel.PHONE).count() == 1
    receiver.status = 200
    send(120 * 5)
    assert queries.reachable_by_phone([ana.pk]) == {ana.pk}


def test_a_new_address_gets_the_alerts_that_failed_at_the_old_one(receiver, ana):
    receiver.status = 403
    outbox.notify(user_id=ana.pk, urgent=True)
    send()
    receiver.status = 200
    phone_alerts.set_address(user_id=ana.pk, address=receiver.address("ana-again"))
    assert send(1) == 1 and receiver.recipients == ["ana-again"]


def test_a_removed_phone_alert_is_not_sent_and_the_mail_leaves(receiver, ana):
    outbox.notify(user_id=ana.pk, urgent=True)
    for _ in range(2):
        phone_alerts.remove(user_id=ana.pk, by=ana.pk)
    assert send() == 1 and receiver.alerts == [] and phone_alerts.send_test(user_id=ana.pk) == AlertOutcome.REFUSED
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True)) == [
        "phone_alert_set",
        "phone_alert_removed",
    ]


def test_a_test_alert_reports_its_delivery_and_writes_nothing(receiver, ana, settings):
    assert phone_alerts.send_test(user_id=ana.pk) == AlertOutcome.ACCEPTED
    receiver.status = 500
    assert phone_alerts.send_test(user_id=ana.pk) == AlertOutcome.REFUSED
    settings.PHONE_ALERT_SERVERS = ["localhost:1"]
    phone_alerts.set_address(user_id=ana.pk, address="json://localhost:1/ana")
    assert phone_alerts.send_test(user_id=ana.pk) == AlertOutcome.UNREACHABLE, "nobody blames the address"
    assert receiver.recipients == ["ana"] and waiting() == []


def test_every_service_logs_the_same_messages_when_an_alert_fails(settings):
    """The messages are Apprise's; send_test() tells a wrong address from an unreachable service by the first.

    send_all() tells a refusal from an answer that was lost by the second.
    """
    import apprise

    for scheme in settings.PHONE_ALERT_SERVICES:
        source = inspect.getsource(inspect.getmodule(apprise.plugins.N_MGR[scheme]))
        assert alert_services.UNREACHABLE_MESSAGE in source.lower() and "error={}" in source, scheme


def test_an_address_is_sealed_and_bound_to_its_person(receiver, ana, ben):
    sealed = bytes(PhoneAlert.objects.get().sealed_address)
    assert b"ana" not in sealed and b"json" not in sealed
    assert alert_services.service_of(PhoneAlert.objects.get()) == "Receiver"
    PhoneAlert.objects.update(user_id=ben.pk)
    assert (
        alert_services.service_of(PhoneAlert.objects.get()) == ""
        and phone_alerts.send_test(user_id=ben.pk) == AlertOutcome.REFUSED
    )


def test_an_unavailable_keyring_delays_no_mail_and_loses_no_alert(receiver, ana, own_keyring):
    outbox.notify(user_id=ana.pk, urgent=True)
    own_keyring.rename(own_keyring.with_name("away"))
    assert (
        send() == 1
        and waiting() == [("Ana Alvarez", "phone")]
        and alert_services.service_of(PhoneAlert.objects.get()) == ""
    )
    own_keyring.with_name("away").rename(own_keyring)
    assert send(10) == 1 and receiver.recipients == ["ana"]


# What no address may reach

FORBIDDEN = [
    "not an address", "", "://", "json://",
    "syslog://", "dbus://", "gnome://", "windows://", "macosx://", "file:///etc/passwd", "exec://id", "mailto://u:p@a.example",
    "json://169.254.169.254/latest", "xml://10.0.0.1/", "form://localhost/", "apprise://localhost/token", "mqtt://localhost/x",
    "http://127.0.0.1:9/", "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    "ntfy://127.0.0.1/topic", "ntfys://169.254.169.254/topic", "ntfy://topic?mode=private", "ntfy://u@10.0.0.1:81/a?mode=private",
    "gotifys://10.1.1.1/token", "gotify://localhost/Abcdefghijklmno",
    "pover://user@token?cto=9999", "pover://user@token?verify=no", "ntfy://topic?attach=http://10.0.0.1/x", "ntfy://t?priority=max;cto=9",
    "ntfy://one-topic/another-topic/a-third", f"clicksend://user:key@{FROM_TO}", "pover://user@token?retry=99", "ntfy://topic?%63to=99",
    # These name no recipient.
    "ntfy://", "ntfy:///", "ntfy://?priority=max", "ntfys://", "ntfys://push.example.org", "tgram://123456789:abcdefg_hijklmnop",
    f"twilio://AC{'a' * 32}:{'b' * 32}@12025550143", "vonage://a1b2c3d4:e1f2g3h4i5j6k7l8@12025550143", "clicksend://user:key@me",
    "telnyx://KEY0123@12025550143", "telnyx://KEY0123@12025550143/12025550143", "bulksms://user:password@me", "signl4://",
]  # fmt: skip


@pytest.mark.parametrize("address", FORBIDDEN)
def test_a_forbidden_address_is_refused_in_a_sentence(ana, address):
    with pytest.raises(Refused) as refused:
        phone_alerts.set_address(user_id=ana.pk, address=address)
    assert refused.value.sentence.endswith((".", "below."))
    PhoneAlert.objects.update(sealed_address=alert_services.seal(ana.pk, address))
    assert phone_alerts.send_test(user_id=ana.pk) == AlertOutcome.REFUSED, (
        "and it isn't called either, if it got into the table"
    )


def test_an_address_with_too_many_bytes_is_refused_in_a_sentence(ana):
    for address in ("ntfy://" + "é" * 200, "ntfy://" + "x" * 400):
        with pytest.raises(Refused, match="too long"):
            phone_alerts.set_address(user_id=ana.pk, address=address)


def test_a_server_is_called_only_where_it_is_listed_with_its_port(receiver, ana, settings):
    for server in ("localhost", f"{receiver.server}1", "localhost:1"):
        settings.PHONE_ALERT_SERVERS = [server]
        with pytest.raises(Refused):
            alert_services.check(receiver.address("ana"))
    # User and password before the "@" are not the server.
    settings.PHONE_ALERT_SERVERS = [receiver.server]
    with pytest.raises(Refused):
        alert_services.check(f"json://{receiver.server}@10.0.0.1/")
    assert receiver.alerts == []


def test_the_examples_on_the_page_are_of_services_that_exist(settings):
    settings.PHONE_ALERT_SERVERS = ["push.example.org"]
    made_up = {
        "pover://user@token": f"pover://{'u' * 30}@{'t' * 30}",
        "tgram://bot-token/chat-id": "tgram://123456789:abcdefg_hijklmnop/12315544",
        "twilio://account-sid:auth-token@from-number/your-number": f"twilio://AC{'a' * 32}:{'b' * 32}@{FROM_TO}",
        "vonage://key:secret@from-number/your-number": f"vonage://a1b2c3d4:e1f2g3h4i5j6k7l8@{FROM_TO}",
        "clicksend://user:key@your-number": "clicksend://user:key@12025550144",
        "telnyx://key@from-number/your-number": f"telnyx://KEY0123@{FROM_TO}",
        "bulksms://user:password@your-number": "bulksms://user:password@12025550144",
        "gotifys://push.example.org/token": "gotifys://push.example.org/AbCdEfGhIjKlMno",
    }
    for scheme, (name, example) in settings.PHONE_ALERT_SERVICES.items():
        alert_services.check(made_up.get(example, example))
        assert example.startswith(f"{scheme}://") and name


def test_nothing_loads_apprise_at_import():
    """It takes a second to load, so only sending an alert does."""
    rooms = ("peersupport", "applications", "training", "stats", "requests_app", "dashboard", "operations")
    paths = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    loading = {path for path in paths for line in path.read_text().splitlines() if LOADS_APPRISE.match(line)}
    assert loading == {ROOT / "operations/demo/phone_alerts.py"}, "the demo's plugin, which Apprise itself loads"


def test_services_are_made_before_the_threads_that_call_them(ana, settings, tmp_path):
    """Making the first loads Apprise's list of services, which others in the middle of it could not read."""
    plugin = tmp_path / "noted.py"
    plugin.write_text(NOTED)
    settings.PHONE_ALERT_PLUGINS = [str(plugin)]
    settings.PHONE_ALERT_SERVICES = {**settings.PHONE_ALERT_SERVICES, "noted": ("Noted", "noted://x")}
    alerts = [PhoneAlert(user=ana, sealed_address=alert_services.seal(ana.pk, "noted://x"))] * 3
    assert alert_services.send_all(alerts) == [Delivery.DELIVERED] * 3
    assert set((tmp_path / "made").read_text().split()) == {threading.current_thread().name}
    assert threading.current_thread().name not in (tmp_path / "called").read_text().split()


def test_what_apprise_logs_is_written_nowhere(settings):
    """It names services and what they answered; urllib3 names addresses with their tokens."""
    for name in ("apprise", "urllib3"):
        assert settings.LOGGING["loggers"][name] == {"handlers": ["nowhere"], "propagate": False}
