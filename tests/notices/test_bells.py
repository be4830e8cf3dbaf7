"""Telephones that ring: against a real receiver on this machine, and what no address may reach."""

import inspect
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail

import peersupport
from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.notices import phone_alerts as phone_alerts_notices
from peersupport.notices import queries
from peersupport.notices.actions import outbox, phone_alerts
from peersupport.notices.domain.channels import Channel
from peersupport.notices.models import Notice, PhoneAlert
from peersupport.notices.phone_alerts import Heard
from tests.cast import make_user
from tests.notices.receiver import allow, receiving
from tests.notices.test_outbox import OutOfOrder

pytestmark = pytest.mark.django_db
ROOT = Path(peersupport.__file__).parents[1]
LOADS_APPRISE = re.compile(r"(import|from) apprise")
FROM_TO = "12025550143/12025550144"
NOW = datetime(2031, 3, 4, 2, 7, 31, tzinfo=UTC)


@pytest.fixture(scope="module")
def one_receiver():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def receiver(one_receiver, settings):
    allow(settings, one_receiver)
    one_receiver.rung, one_receiver.status, one_receiver.location = [], 200, ""
    return one_receiver


@pytest.fixture
def ana(receiver):
    user = make_user("Ana Alvarez", Role.MEMBER)
    phone_alerts.set_bell(user_id=user.pk, address=receiver.address("ana"))
    return user


@pytest.fixture
def ben():
    return make_user("Ben Brandt", Role.MEMBER)


def send(minutes=0, *, urgent=True):
    return outbox.send(urgent=urgent, now=NOW + timedelta(minutes=minutes))


def waiting():
    return sorted(Notice.objects.values_list("recipient__name", "channel"))


# What rings


def test_a_notice_rings_and_is_mailed_and_says_the_same_by_both(receiver, ana, ben):
    outbox.notify_all(user_ids=[ana.pk, ben.pk], urgent=True)
    assert send() == 3
    [(path, said)] = receiver.rung
    assert (path, said["title"], said["message"].split()) == (
        "/ana",
        mail.outbox[0].subject,
        mail.outbox[0].body.split(),
    )
    assert set(said) == {"version", "title", "message", "attachments", "type"} and said["attachments"] == []
    assert sorted(m.to[0] for m in mail.outbox) == [ana.email, ben.email] and waiting() == []


def test_what_can_wait_rings_with_its_round_only(receiver, ana):
    outbox.notify(user_id=ana.pk)
    assert send(urgent=True) == 0 and receiver.rung == []
    assert send(urgent=False) == 2 and receiver.whom == ["ana"]


@pytest.mark.parametrize("status", [500, 403, 302])
def test_a_bell_that_is_refused_holds_up_no_mail_and_is_rung_again_alone(receiver, ana, status):
    receiver.status = status
    receiver.location = f"http://{receiver.server}/elsewhere" if status == 302 else ""
    outbox.notify(user_id=ana.pk, urgent=True)
    assert send() == 1 and len(mail.outbox) == 1 and waiting() == [("Ana Alvarez", "bell")]
    receiver.status, receiver.location = 200, ""
    assert send(1) == 0 and receiver.rung == [], "its pause is not over"
    assert send(10) == 1 and receiver.whom == ["ana"] and len(mail.outbox) == 1 and waiting() == []


def test_a_mail_server_that_is_away_makes_nothing_ring_twice(receiver, ana, settings):
    settings.EMAIL_BACKEND = f"{OutOfOrder.__module__}.OutOfOrder"
    outbox.notify(user_id=ana.pk, urgent=True)
    assert send() == 1 and waiting() == [("Ana Alvarez", "mail")]
    assert send(10) == 0 and receiver.whom == ["ana"]


def test_one_telephone_that_is_not_there_keeps_no_other_silent(receiver, ana, ben, settings):
    settings.RINGING_SERVERS = [*settings.RINGING_SERVERS, "localhost:1"]
    phone_alerts.set_bell(user_id=ben.pk, address="json://localhost:1/ben")
    outbox.notify_all(user_ids=[ana.pk, ben.pk], urgent=True)
    assert send() == 3 and receiver.whom == ["ana"] and waiting() == [("Ben Brandt", "bell")]


def test_what_a_killed_worker_held_rings_when_its_claim_lapses(receiver, ana):
    outbox.notify(user_id=ana.pk, urgent=True)
    held = [outbox._hold(pk, NOW) for pk in queries.due(channel=Channel.BELL, urgent=True, now=NOW)]
    assert len(held) == 1  # and then the power fails
    assert send(1) == 1 and receiver.rung == [] and len(mail.outbox) == 1, "the mail alone"
    assert send(10) == 1 and receiver.whom == ["ana"] and waiting() == []


def test_two_senders_ring_once(receiver, ana):
    outbox.notify(user_id=ana.pk, urgent=True)
    [pk] = queries.due(channel=Channel.BELL, urgent=True, now=NOW)
    assert outbox._hold(pk, NOW) and outbox._hold(pk, NOW) is None


def test_who_no_longer_serves_is_not_rung(receiver, ana):
    outbox.notify(user_id=ana.pk, urgent=True)
    type(ana).objects.update(is_active=False)
    assert send() == 0 and receiver.rung == [] and waiting() == []


# Whose bell


def test_a_bell_that_failed_again_and_again_counts_as_none_until_it_rings(receiver, ana, ben):
    assert queries.with_bell([ana.pk, ben.pk]) == {ana.pk}
    receiver.status = 500
    outbox.notify(user_id=ana.pk, urgent=True)
    for hours in range(4):
        send(120 * hours)
    assert queries.with_bell([ana.pk]) == set() and queries.stuck(Channel.BELL).count() == 1
    receiver.status = 200
    send(120 * 5)
    assert queries.with_bell([ana.pk]) == {ana.pk}


def test_a_new_address_rings_what_the_old_one_could_not(receiver, ana):
    receiver.status = 500
    outbox.notify(user_id=ana.pk, urgent=True)
    send()
    receiver.status = 200
    phone_alerts.set_bell(user_id=ana.pk, address=receiver.address("ana-again"))
    assert send(1) == 1 and receiver.whom == ["ana-again"]


def test_a_bell_taken_away_rings_no_more_and_the_mail_leaves(receiver, ana):
    outbox.notify(user_id=ana.pk, urgent=True)
    for _ in range(2):
        phone_alerts.remove_bell(user_id=ana.pk, by=ana.pk)
    assert send() == 1 and receiver.rung == [] and phone_alerts.try_bell(user_id=ana.pk) == Heard.REFUSED
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True)) == ["bell_set", "bell_removed"]


def test_a_test_says_whether_it_rang_and_writes_nothing(receiver, ana, settings):
    assert phone_alerts.try_bell(user_id=ana.pk) == Heard.RANG
    receiver.status = 500
    assert phone_alerts.try_bell(user_id=ana.pk) == Heard.REFUSED
    settings.RINGING_SERVERS = ["localhost:1"]
    phone_alerts.set_bell(user_id=ana.pk, address="json://localhost:1/ana")
    assert phone_alerts.try_bell(user_id=ana.pk) == Heard.AWAY, "nobody blames the address"
    assert receiver.whom == ["ana"] and waiting() == []


def test_every_service_says_in_the_same_words_that_it_is_away(settings):
    """They are another's words, by which a test tells an address that is wrong from a service that is away."""
    import apprise

    for scheme in settings.RINGING_SERVICES:
        source = inspect.getsource(inspect.getmodule(apprise.plugins.N_MGR[scheme]))
        assert phone_alerts_notices.IS_AWAY in source.lower(), scheme


def test_an_address_lies_sealed_to_its_person(receiver, ana, ben):
    sealed = bytes(PhoneAlert.objects.get().sealed_address)
    assert b"ana" not in sealed and b"json" not in sealed
    assert phone_alerts_notices.service_of(PhoneAlert.objects.get()) == "Receiver"
    PhoneAlert.objects.update(user_id=ben.pk)
    assert (
        phone_alerts_notices.service_of(PhoneAlert.objects.get()) == ""
        and phone_alerts.try_bell(user_id=ben.pk) == Heard.REFUSED
    )


def test_a_keyring_that_is_away_holds_up_no_mail_and_loses_no_ring(receiver, ana, own_keyring):
    outbox.notify(user_id=ana.pk, urgent=True)
    own_keyring.rename(own_keyring.with_name("away"))
    assert (
        send() == 1
        and waiting() == [("Ana Alvarez", "bell")]
        and phone_alerts_notices.service_of(PhoneAlert.objects.get()) == ""
    )
    own_keyring.with_name("away").rename(own_keyring)
    assert send(10) == 1 and receiver.whom == ["ana"]


# What no address may reach

NOT_THESE = [
    "not an address", "", "://", "json://",
    "syslog://", "dbus://", "gnome://", "windows://", "macosx://", "file:///etc/passwd", "exec://id", "mailto://u:p@a.example",
    "json://169.254.169.254/latest", "xml://10.0.0.1/", "form://localhost/", "apprise://localhost/token", "mqtt://localhost/x",
    "http://127.0.0.1:9/", "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    "ntfy://127.0.0.1/topic", "ntfys://169.254.169.254/topic", "ntfy://topic?mode=private", "ntfy://u@10.0.0.1:81/a?mode=private",
    "gotifys://10.1.1.1/token", "gotify://localhost/Abcdefghijklmno",
    "pover://user@token?cto=9999", "pover://user@token?verify=no", "ntfy://topic?attach=http://10.0.0.1/x", "ntfy://t?priority=max;cto=9",
    "ntfy://one-topic/another-topic/a-third", f"clicksend://user:key@{FROM_TO}", "pover://user@token?retry=99", "ntfy://topic?%63to=99",
    # These name nobody.
    "ntfy://", "ntfy:///", "ntfy://?priority=max", "ntfys://", "ntfys://push.example.org", "tgram://123456789:abcdefg_hijklmnop",
    f"twilio://AC{'a' * 32}:{'b' * 32}@12025550143", "vonage://a1b2c3d4:e1f2g3h4i5j6k7l8@12025550143", "clicksend://user:key@me",
    "telnyx://KEY0123@12025550143", "telnyx://KEY0123@12025550143/12025550143", "bulksms://user:password@me", "signl4://",
]  # fmt: skip


@pytest.mark.parametrize("address", NOT_THESE)
def test_addresses_that_are_refused_in_a_sentence(ana, address):
    with pytest.raises(Refused) as refused:
        phone_alerts.set_bell(user_id=ana.pk, address=address)
    assert refused.value.sentence.endswith((".", "below."))
    PhoneAlert.objects.update(sealed_address=phone_alerts_notices.seal(ana.pk, address))
    assert phone_alerts.try_bell(user_id=ana.pk) == Heard.REFUSED, "nor is it called, however it came there"


def test_an_address_that_takes_more_room_than_it_shows_is_refused_in_a_sentence(ana):
    for address in ("ntfy://" + "é" * 200, "ntfy://" + "x" * 400):
        with pytest.raises(Refused, match="too long"):
            phone_alerts.set_bell(user_id=ana.pk, address=address)


def test_a_server_is_called_only_where_it_is_listed_with_its_port(receiver, ana, settings):
    for server in ("localhost", f"{receiver.server}1", "localhost:1"):
        settings.RINGING_SERVERS = [server]
        with pytest.raises(Refused):
            phone_alerts_notices.check(receiver.address("ana"))
    # A name and a password before the "@" are no server.
    settings.RINGING_SERVERS = [receiver.server]
    with pytest.raises(Refused):
        phone_alerts_notices.check(f"json://{receiver.server}@10.0.0.1/")
    assert receiver.rung == []


def test_the_examples_on_the_page_are_of_services_that_exist(settings):
    settings.RINGING_SERVERS = ["push.example.org"]
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
    for scheme, (name, example) in settings.RINGING_SERVICES.items():
        phone_alerts_notices.check(made_up.get(example, example))
        assert example.startswith(f"{scheme}://") and name


def test_nothing_that_starts_pays_for_it():
    """Apprise takes a second to load: only who rings does."""
    paths = [path for room in ("peersupport", "requests_app", "operations") for path in (ROOT / room).rglob("*.py")]
    loading = {path.name for path in paths for line in path.read_text().splitlines() if LOADS_APPRISE.match(line)}
    assert loading == {"phone_alerts.py"}, "which Apprise itself loads"


def test_what_apprise_logs_is_written_nowhere(settings):
    """It names services and what they answered; urllib3 names addresses with their tokens."""
    for name in ("apprise", "urllib3"):
        assert settings.LOGGING["loggers"][name] == {"handlers": ["nowhere"], "propagate": False}
