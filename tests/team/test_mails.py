"""No mail is lost, none is sent twice, and none stays in the table."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.celery import ROUNDS
from peersupport.program.models import ProgramSettings
from peersupport.team import tasks
from peersupport.team.actions import invitations, mails
from peersupport.team.documents.mails import MailKind
from peersupport.team.models import QueuedMail, User
from tests.inbox import Inbox, silent_server

WITH_LINK = {
    MailKind.INVITATION, MailKind.NEW_PASSWORD, MailKind.NEW_ADDRESS, MailKind.LIFT_ASKED, MailKind.LIFT_SECONDED,
    MailKind.CANNOT_GET_IN,
}  # fmt: skip
WITH_CONTACT = {
    MailKind.ADDRESS_CHANGED, MailKind.PASSWORD_RESET, MailKind.FACTOR_ADDED, MailKind.FACTOR_REMOVED,
    MailKind.NEW_BACKUP_CODES, MailKind.WRONG_CODES, MailKind.LIFT_ASKED, MailKind.LIFT_SECONDED, MailKind.LIFT_DONE,
    MailKind.LIFT_CANCELED,
}  # fmt: skip
LINK = "http://testserver/invitation/secret/"


@pytest.fixture
def queued_mail(db: None) -> QueuedMail:
    mails.queue_link(kind=MailKind.INVITATION, email="nora@example.org", link=LINK)
    return QueuedMail.objects.get()


def test_mail_is_sent_and_deleted(queued_mail: QueuedMail, mailoutbox: list) -> None:
    assert (mails.send_mails(), mails.send_mails()) == (1, 0)
    assert QueuedMail.objects.count() == 0
    assert LINK in mailoutbox[0].body


@pytest.mark.parametrize("kind", MailKind)
def test_mail_reveals_nothing(db: None, mailoutbox: list, kind: MailKind) -> None:
    mails.queue_link(kind=kind, email="nora@example.org", link=LINK)
    mails.send_mails()
    (sent,) = mailoutbox
    text = sent.subject + sent.body
    for leak in ("Nora", "nora@", "request", "officer", "contact", "127.0.0.1"):
        assert leak not in text
    assert sent.body.count("http") == (kind in WITH_LINK)


@pytest.mark.parametrize("contact", ["555-0142", ""])
@pytest.mark.parametrize("kind", MailKind)
def test_mail_says_whose_number_it_ends_with_and_ends_without_empty_lines(
    db: None, mailoutbox: list, kind: MailKind, contact: str
) -> None:
    ProgramSettings.objects.update_or_create(pk=1, defaults={"coordinator_contact": contact})
    mails.queue_link(kind=kind, email="nora@example.org", link=LINK)
    mails.send_mails()
    text = mailoutbox[0].body
    assert text.endswith("\n") and not text.endswith("\n\n") and "\n\n\n" not in text
    named = text.splitlines()[-2:] == ["", "How to reach the coordinator: 555-0142"]
    assert named == bool(contact and kind in WITH_CONTACT) and ("How to reach" in text) == named


def test_task_is_woken_only_after_the_commit(
    db: None, mailoutbox: list, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            mails.queue_link(kind=MailKind.INVITATION, email="nora@example.org", link=LINK)
        assert mailoutbox == []
    assert len(mailoutbox) == 1


def test_broker_that_is_down_loses_no_mail(
    db: None, settings: object, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    def down(**_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(tasks.send_mails, "apply_async", down)
    with django_capture_on_commit_callbacks(execute=True):
        mails.queue_link(kind=MailKind.INVITATION, email="nora@example.org", link=LINK)
    assert QueuedMail.objects.count() == 1
    assert mails.send_mails() == 1


class AnotherWorkerAtTheSameTime(EmailBackend):
    """While the first mail is being sent, another worker sends all that are queued."""

    is_first = True

    def send_messages(self, messages: list) -> int:
        cls = AnotherWorkerAtTheSameTime
        if cls.is_first:
            cls.is_first = False
            mails.send_mails()
        return super().send_messages(messages)


def test_two_workers_send_each_mail_once(db: None, settings: object, mailoutbox: list) -> None:
    for name in ("ada", "bob", "cid"):
        mails.queue_link(kind=MailKind.INVITATION, email=f"{name}@example.org", link=LINK)
    settings.EMAIL_BACKEND = "tests.team.test_mails.AnotherWorkerAtTheSameTime"
    assert mails.send_mails() == 1
    assert sorted(sent.to[0] for sent in mailoutbox) == ["ada@example.org", "bob@example.org", "cid@example.org"]
    assert QueuedMail.objects.count() == 0


def test_mail_deleted_while_sending_stops_no_other(db: None, mailoutbox: list) -> None:
    for name in ("ada", "bob"):
        mails.queue_link(kind=MailKind.INVITATION, email=f"{name}@example.org", link=LINK)

    def delete_once_claimed(go_on: Callable[..., object], sql: str, *more: object) -> object:
        claimed = go_on(sql, *more)
        if sql.startswith("UPDATE"):
            QueuedMail.objects.filter(email="ada@example.org").delete()
        return claimed

    with connection.execute_wrapper(delete_once_claimed):
        assert mails.send_mails() == 1
    assert [sent.to for sent in mailoutbox] == [["bob@example.org"]]


def test_mail_stays_while_mail_is_down(queued_mail: QueuedMail, settings: object) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        1,
    )
    assert mails.send_mails() == 0
    settings.EMAIL_BACKEND = working
    assert mails.send_mails() == 0, "another worker may still be sending it"
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert mails.send_mails() == 1
    assert len(mail.outbox) == 1


def test_silent_mail_server_costs_a_round_one_timeout(db: None, settings: object) -> None:
    for name in ("ada", "bob", "cid"):
        mails.queue_link(kind=MailKind.INVITATION, email=f"{name}@example.org", link=LINK)
    with silent_server(settings) as callers:
        assert mails.send_mails() == 0
    assert len(callers) == 1
    assert QueuedMail.objects.filter(claimed_until=None).count() == 2, "unclaimed for the next round"


def test_round_uses_one_connection_and_goes_on_after_a_refused_address(db: None, inbox: Inbox) -> None:
    inbox.unknown = {"bob@example.org"}
    for name in ("ada", "bob", "cid"):
        mails.queue_link(kind=MailKind.INVITATION, email=f"{name}@example.org", link=LINK)
    assert mails.send_mails() == 2
    assert [to for _, to, _ in inbox.mails] == [["ada@example.org"], ["cid@example.org"]]
    assert len(inbox.connections) == 1 and QueuedMail.objects.get().email == "bob@example.org"


def test_round_finds_mails_of_a_lost_ring() -> None:
    assert tasks.send_mails.name in ROUNDS


def test_mail_is_sealed_to_its_row_and_a_broken_one_stops_no_other(queued_mail: QueuedMail, mailoutbox: list) -> None:
    assert b"secret" not in bytes(queued_mail.sealed)
    QueuedMail.objects.update(email="somebody.else@example.org")
    mails.queue_link(kind=MailKind.INVITATION, email="nora@example.org", link=LINK)
    assert mails.send_mails() == 1
    assert [sent.to for sent in mailoutbox] == [["nora@example.org"]]


def test_mail_with_a_dead_link_is_never_sent(coordinator: User, mailoutbox: list) -> None:
    def invite() -> str:
        return invitations.invite(email="nora@example.org", name="Nora", roles=[Role.MEMBER], by=coordinator)

    invite()
    token = invite()
    assert QueuedMail.objects.count() == 1
    invitations.accept_invitation(token=token, password="rain on the old roof")
    assert (QueuedMail.objects.count(), mails.send_mails(), mailoutbox) == (0, 0, [])
