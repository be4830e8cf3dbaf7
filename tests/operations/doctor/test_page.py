"""The operator's page: what the command says, without calling anybody until asked."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from operations import tasks
from tests.cast import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(operator, settings):
    settings.SITE_URL = "http://127.0.0.1:1"  # nobody answers there
    client = sign_in(Client(), operator)

    def ask(method: str = "get") -> str:
        answer = getattr(client, method)(reverse("operations:health"))
        assert answer.status_code == 200
        return answer.content.decode()

    return ask


def test_looking_calls_nobody_and_sends_nothing(page):
    shown = page()
    assert "The database answers." in shown
    assert "answer from this machine" not in shown
    assert mail.outbox == []


def test_the_button_checks_everything_and_mails_the_operators_alone(page, operator, coordinator):
    shown = page("post")
    assert "http://127.0.0.1:1 doesn&#x27;t answer from this machine." in shown
    [sent] = mail.outbox
    assert sent.to == [operator.email]


def test_problem_stands_on_top_with_its_remedy(page, own_keyring):
    tasks.heartbeat()
    (own_keyring / "lasting").chmod(0o755)
    shown = page()
    assert f"chmod 700 {own_keyring}/lasting" in shown
    assert shown.index("chmod 700") < shown.index("The worker is running.")


def test_missing_keyring_stops_no_other_check(page, own_keyring):
    own_keyring.rename(own_keyring.with_name("unmounted"))
    shown = page()
    assert "The keyring can&#x27;t be reached." in shown
    assert "The database answers." in shown
