"""A mail server that is away, slow, or refuses: real ones. What is sent late arrives, and once."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.test import Client
from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.notices.actions import outbox, phone_alerts
from peersupport.notices.models import Notice
from peersupport.team.actions import invitations, mails
from peersupport.team.documents.mails import MailKind
from peersupport.team.models import Invitation, QueuedMail, User
from tests.cast import make_user, sign_in
from tests.inbox import Inbox
from tests.notices.receiver import allow, receiving
from tests.services import free_port

pytestmark = pytest.mark.django_db
NOW = datetime(2031, 3, 4, 2, 7, 31, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def rounds(moment: datetime) -> None:
    """What the worker does each minute, and twice an hour."""
    outbox.send(urgent=True, now=moment)
    mails.send_mails()
    if moment.minute in {0, 30}:
        outbox.send(urgent=False, now=moment)


def rounds_for(clock: Any, minutes: int) -> None:
    for _ in range(minutes):
        clock.shift(MINUTE)
        rounds(timezone.now())


def to(inbox: Inbox) -> Counter[str]:
    return Counter(address for _, addresses, _ in inbox.mails for address in addresses)


def wait_for_four(coordinator: User) -> None:
    """One notice that can't wait, one that can, an invitation and another personal link."""
    outbox.notify(user_id=make_user("Ana Alvarez", Role.MEMBER).pk, urgent=True)
    outbox.notify(user_id=make_user("Ben Brandt", Role.MEMBER).pk)
    invitations.invite(email="nora@example.org", name="Nora Nova", roles=[Role.MEMBER], by=coordinator)
    mails.queue_link(kind=MailKind.NEW_PASSWORD, email="cleo@example.org", link="http://testserver/x/")


FOUR = dict.fromkeys(["ana@example.org", "ben@example.org", "nora@example.org", "cleo@example.org"], 1)


@pytest.mark.fault(
    "Mail",
    "The mail server answers 451 for an hour",
    people="Mails come late. Phone alerts come in time.",
    heals="Each mail arrives, once: personal links within ten minutes after, notices within an hour",
)
def test_an_hour_of_451(inbox: Inbox, coordinator: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        wait_for_four(coordinator)
        inbox.answer = "451 later"
        rounds_for(clock, 60)
        assert inbox.mails == []
        inbox.answer = "250 taken"
        rounds_for(clock, 10)
        assert {"nora@example.org", "cleo@example.org"} <= set(to(inbox))
        rounds_for(clock, 50)
        assert to(inbox) == FOUR
        assert not Notice.objects.exists() and not QueuedMail.objects.exists()
        link = inbox.read("nora@example.org").get_content().split("/invitation/")[1].split("/")[0]
        assert Client().get(f"/invitation/{link}/").status_code == 200


@pytest.mark.fault(
    "Mail",
    "Nothing listens at the mail server’s address",
    people="Mails come late. Phone alerts come in time.",
    heals="Once it listens again, each mail arrives, once",
)
def test_nobody_listens(settings: Any, coordinator: User) -> None:
    handler, port = Inbox(), free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    with time_machine.travel(NOW, tick=False) as clock:
        wait_for_four(coordinator)
        rounds_for(clock, 30)
        server = Controller(handler, hostname="127.0.0.1", port=port)
        server.start()
        try:
            rounds_for(clock, 60)
        finally:
            server.stop()
    assert to(handler) == FOUR


@pytest.mark.fault(
    "Mail",
    "The mail server answers each of many mails only just before the time-out",
    people="Those mails come late. An urgent notice doesn't wait for them all.",
    heals="Each round gives the worker back after 20 seconds and is woken anew, until each mail has left, once",
)
def test_a_slow_server_keeps_nothing_urgent_waiting(
    inbox: Inbox, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MAIL_TURN_SECONDS, settings.EMAIL_TIMEOUT, inbox.takes_seconds = 0.5, 1, 0.2
    ana, addresses = make_user("Ana Alvarez", Role.MEMBER), [f"person{number}@example.org" for number in range(12)]
    for address in addresses:
        mails.queue_link(kind=MailKind.NEW_PASSWORD, email=address, link="http://testserver/x/")
    with receiving() as receiver:
        allow(settings, receiver)
        phone_alerts.set_address(user_id=ana.pk, address=receiver.address("ana"))
        began = time.monotonic()
        with django_capture_on_commit_callbacks() as rung:
            assert 0 < mails.send_mails() < 6
        assert time.monotonic() - began < 1.2 and len(rung) == 1
        outbox.notify(user_id=ana.pk, urgent=True)
        outbox.send(urgent=True, now=timezone.now())
        assert receiver.recipients == ["ana"] and to(inbox)["ana@example.org"] == 1
        assert len(inbox.mails) < 8, "the others are still waiting"
    for _ in addresses:
        mails.send_mails()
    assert not QueuedMail.objects.exists()
    assert to(inbox) == {**dict.fromkeys(addresses, 1), "ana@example.org": 1}


# An address that the mail server doesn't know


@pytest.mark.fault(
    "Mail",
    "The mail server says for good that there is no such address (550), of an invitation",
    people="Coordinator and operator read it on the home and beside the invitation: “Not delivered”",
    heals="By a person: change the address, or send it again. Meanwhile it is tried each hour, and goes if it can.",
)
def test_an_invitation_that_cannot_be_delivered(
    inbox: Inbox, client: Client, coordinator: User, operator: User
) -> None:
    sign_in(client, coordinator)
    inbox.unknown = {"nroa@example.org"}
    invitations.invite(email="nroa@example.org", name="Nora Nova", roles=[Role.MEMBER], by=coordinator)
    invitation = Invitation.objects.get()
    mails.send_mails()
    assert Entry.objects.filter(action="invitation_undelivered", about=f"invitation:{invitation.pk}").count() == 1
    assert "Not delivered: on" in client.get("/members/invite/").content.decode()
    for home in (client, sign_in(Client(), operator)):
        assert "One invitation couldn&#x27;t be delivered" in home.get("/home/").content.decode()
    address = f"/members/invite/{invitation.pk}/address/"
    client.post(address, {"email": "nora@example.org"})
    mails.send_mails()
    assert to(inbox) == {"nora@example.org": 1}
    assert "Not delivered" not in client.get("/members/invite/").content.decode()
    assert "be delivered" not in client.get("/home/").content.decode()


def test_it_is_tried_each_hour_in_case_the_server_was_wrong(inbox: Inbox, coordinator: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        invitations.invite(email="nora@example.org", name="Nora Nova", roles=[Role.MEMBER], by=coordinator)
        inbox.unknown = {"nora@example.org"}
        rounds_for(clock, 120)
        assert Invitation.objects.get().undelivered_since == timezone.localdate()
        assert Entry.objects.filter(action="invitation_undelivered").count() == 1, "noted once, and not each time"
        inbox.unknown = set()
        rounds_for(clock, 61)
        assert to(inbox) == {"nora@example.org": 1}
        assert Invitation.objects.get().undelivered_since is None


def test_it_is_sent_again_with_one_press(inbox: Inbox, client: Client, coordinator: User) -> None:
    """After a mail that came back later, for one: that goes to the sender's address, and the program never sees it."""
    sign_in(client, coordinator)
    token = invitations.invite(email="nora@example.org", name="Nora Nova", roles=[Role.MEMBER], by=coordinator)
    inbox.unknown = {"nora@example.org"}
    mails.send_mails()
    inbox.unknown = set()
    pk = Invitation.objects.get().pk
    page = client.post(f"/members/invite/{pk}/again/", follow=True).content.decode()
    assert "A new link is on its way to nora@example.org." in page and "Not delivered" not in page
    mails.send_mails()
    link = inbox.read("nora@example.org").get_content().split("/invitation/")[1].split("/")[0]
    assert (Client().get(f"/invitation/{token}/").status_code, Client().get(f"/invitation/{link}/").status_code) == (
        404, 200,
    )  # fmt: skip
    assert Entry.objects.filter(action="invitation_sent_again", by=coordinator.pk, about=f"invitation:{pk}").exists()
    Invitation.objects.all().delete()
    page = client.post(f"/members/invite/{pk}/again/", follow=True).content.decode()
    assert "This invitation was accepted or canceled a moment ago." in page


@pytest.mark.parametrize("answer", ["451 later", "550 we take no mail from you", "421 closing"])
def test_only_a_refused_address_is_called_unknown(inbox: Inbox, coordinator: User, answer: str) -> None:
    invitations.invite(email="nora@example.org", name="Nora Nova", roles=[Role.MEMBER], by=coordinator)
    inbox.answer = answer
    mails.send_mails()
    assert Invitation.objects.get().undelivered_since is None and QueuedMail.objects.exists()


@pytest.mark.parametrize(
    ("answer", "is_unknown"),
    [
        ("550 5.1.1 no such user", True),
        ("554 5.1.1 no such user", True),
        ("551 user not local", True),
        ("553 mailbox name not allowed", True),
        ("550 5.7.1 not by our policy", False),
        ("550 5.1.8 the sender's domain doesn't exist", False),
        ("552 mailbox full", False),
        ("552 5.2.2 mailbox full", False),
        ("554 rejected", False),
        ("450 5.1.1 later", False),
    ],
)
def test_no_such_address_is_noted_only_where_the_server_said_that(
    inbox: Inbox, coordinator: User, answer: str, is_unknown: bool
) -> None:
    invitations.invite(email="nora@example.org", name="Nora Nova", roles=[Role.MEMBER], by=coordinator)
    inbox.unknown, inbox.unknown_is_said_as = {"nora@example.org"}, answer
    mails.send_mails()
    assert (Invitation.objects.get().undelivered_since is not None) == is_unknown
    assert QueuedMail.objects.exists(), "it is tried again"


def test_mails_that_break_the_connection_keep_no_other_back(inbox: Inbox, coordinator: User) -> None:
    inbox.breaks_at = "@breaks.example"
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(12):
            address = f"person{number}@breaks.example"
            invitations.invite(email=address, name="Person Perez", roles=[Role.MEMBER], by=coordinator)
        rounds_for(clock, 12)
        mails.queue_link(kind=MailKind.NEW_PASSWORD, email="cleo@example.org", link="http://testserver/x/")
        rounds_for(clock, 1)
        assert to(inbox) == {"cleo@example.org": 1}


def test_a_mail_that_failed_once_has_its_turn_among_those_that_break_the_connection(inbox: Inbox) -> None:
    inbox.breaks_at = "example.org"
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(12):
            mails.queue_link(kind=MailKind.NEW_PASSWORD, email=f"p{number}@example.org", link="http://testserver/x/")
        rounds_for(clock, 12)
        inbox.breaks_at = "1@example.org"
        rounds_for(clock, 20)
        assert len(to(inbox)) == 10


def test_a_server_that_closes_after_an_unknown_address_gets_the_next_mail_at_once(inbox: Inbox) -> None:
    inbox.unknown, inbox.hangs_up_after_unknown = {"nroa@example.org"}, True
    for name in ("nroa", "cleo"):
        mails.queue_link(kind=MailKind.NEW_PASSWORD, email=f"{name}@example.org", link="http://testserver/x/")
    assert mails.send_mails() == 1
    assert to(inbox) == {"cleo@example.org": 1}


def test_nothing_is_noted_of_a_notice(inbox: Inbox) -> None:
    ana = make_user("Ana Alvarez", Role.MEMBER)
    inbox.unknown = {ana.email}
    before = Entry.objects.count()
    outbox.notify(user_id=ana.pk, urgent=True)
    outbox.send(urgent=True, now=NOW)
    assert Notice.objects.count() == 1 and Entry.objects.count() == before
