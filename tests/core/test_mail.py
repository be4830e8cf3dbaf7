"""Whichever way a mail leaves: a machine wrote it, and its id tells nothing."""

import os
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.utils import DNS_NAME
from django.utils import timezone

from operations.doctor.reading import services
from peersupport.core.mail import ProgramMail
from peersupport.notices.actions import outbox
from peersupport.team.actions import mails
from peersupport.team.documents.mails import Mail, MailKind
from peersupport.team.models import Member, User

pytestmark = pytest.mark.django_db


def test_every_mail_says_that_a_machine_wrote_it(ana: Member, operator: User) -> None:
    """Notices, links, letters with a calendar file, and the doctor's: all the ways there are."""
    outbox.notify(user_id=ana.user_id, urgent=True)
    outbox.send(urgent=True, now=timezone.now() + timedelta(hours=1))
    mails.queue_link(kind=MailKind.NEW_PASSWORD, email="pat@example.org", link="https://example.org/x")
    mails.queue_mail(kind="interview", email="cory@example.org", mail=Mail("An interview", "Hi.", "ics", "i.ics"))
    mails.send_mails()
    services.mail_operators()
    assert [each.to for each in mail.outbox] == [
        ["ana@example.org"], ["pat@example.org"], ["cory@example.org"], [operator.email],
    ]  # fmt: skip
    ids = set()
    for each in mail.outbox:
        assert isinstance(each, ProgramMail)
        message = each.message()
        assert message["Auto-Submitted"] == "auto-generated"
        assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", message["Message-ID"])
        ids.add(message["Message-ID"])
        head = message.as_string().partition("\n\n")[0]
        assert str(DNS_NAME) not in head and f".{os.getpid()}." not in head
    assert len(ids) == 4


@pytest.mark.parametrize("sender", ["peers@city.gov", "Peer support <peers@city.gov>"])
def test_the_id_is_at_the_senders_domain(settings, sender: str) -> None:
    settings.DEFAULT_FROM_EMAIL = sender
    assert ProgramMail(subject="s", text="t", to="a@b.org").message()["Message-ID"].endswith("@city.gov>")


def test_allauth_sends_none_of_its_own(settings) -> None:
    """Its mails would be of another kind; the one that it may send, for a new password, is queued as ours."""
    assert not getattr(settings, "ACCOUNT_EMAIL_NOTIFICATIONS", False)
    assert not settings.ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS and settings.ACCOUNT_EMAIL_VERIFICATION == "none"
