"""Against a real mail server: what travels, and what a server that fails does."""

from datetime import UTC, datetime, timedelta

import pytest

from peersupport.access.permissions import Role
from peersupport.notices import actions
from peersupport.notices.models import Notice
from tests.cast import make_user
from tests.services import free_port

pytestmark = pytest.mark.django_db
NOW = datetime(2031, 3, 4, 2, 7, 31, tzinfo=UTC)


@pytest.fixture
def ana():
    return make_user("Ana Alvarez", Role.MEMBER)


def test_a_mail_carries_an_address_and_the_one_text(inbox, ana):
    actions.notify(user_id=ana.pk, urgent=True)
    assert actions.send(urgent=True, now=NOW) == 1
    [(sender, recipients, content)] = inbox.mails
    assert (sender, recipients) == ("peer-support@example.org", ["ana@example.org"])
    head, _, body = content.partition("\r\n\r\n")
    assert {line.partition(":")[0] for line in head.split("\r\n")} == {
        "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date", "Message-ID",
    }  # fmt: skip
    assert " ".join(body.split()) == (
        "Something waits for you in the peer support program. Sign in to see it: http://testserver/sign-in/"
    )
    assert "Ana" not in content


@pytest.mark.parametrize("answer", ["451 later", "550 no such mailbox"])
def test_a_server_that_says_no_gets_it_again(inbox, ana, answer):
    inbox.answer = answer
    actions.notify(user_id=ana.pk)
    assert actions.send(urgent=False, now=NOW) == 0
    assert Notice.objects.count() == 1
    inbox.answer = "250 taken"
    assert actions.send(urgent=False, now=NOW + timedelta(minutes=10)) == 1
    assert (len(inbox.mails), Notice.objects.count()) == (1, 0)


def test_a_server_that_is_not_there_loses_nothing(settings, ana):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    actions.notify(user_id=ana.pk)
    assert actions.send(urgent=False, now=NOW) == 0
    assert Notice.objects.count() == 1
