"""The mail with a link to a new password, which anybody can cause by typing an address."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from peersupport.team.actions import keys, mails, recovery
from peersupport.team.models import Member, Tries, User
from tests.cast import CAST_PASSWORD, recovery_code_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 18, tzinfo=UTC)
EMAIL = "ana@example.org"


def ask(client: Client | None = None, email: str = EMAIL) -> str:
    return (client or Client()).post("/sign-in/forgot/", {"email": email}, follow=True).content.decode()


def links(mailoutbox: list) -> list[str]:
    mails.send_mails()
    found = [link for each in mailoutbox for link in re.findall(r"http://testserver(/sign-in/forgot/\S+/)", each.body)]
    mailoutbox.clear()
    return found


def works(link: str) -> bool:
    return 'name="password1"' in Client().get(link).content.decode()


def test_one_mail_in_a_quarter_of_an_hour_and_then_the_same_link(ana: Member, mailoutbox: list) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        said = {ask(email="nobody@example.org"), *(ask(email=EMAIL.upper()) for _ in range(5))}
        (first,) = links(mailoutbox)
        clock.shift(timedelta(minutes=14))
        said.add(ask())
        assert links(mailoutbox) == []
        clock.shift(timedelta(minutes=2))
        said.add(ask())
        assert links(mailoutbox) == [first] and len(said) == 1
        assert EMAIL not in repr(list(Tries.objects.values()))


def test_link_works_for_twenty_four_hours_and_no_more_than_forty_eight(ana: Member, mailoutbox: list) -> None:
    with time_machine.travel(datetime(2026, 3, 10, 23, 59, tzinfo=UTC), tick=False) as clock:
        ask()
        (link,) = links(mailoutbox)
        clock.shift(timedelta(hours=24))
        assert works(link)
        clock.shift(timedelta(minutes=2))
        assert not works(link)


def test_the_secret_of_the_link_stands_in_no_row(ana: Member, mailoutbox: list) -> None:
    ask()
    (link,) = links(mailoutbox)
    client = Client()
    page = client.get(link)
    assert page.status_code == 200 and f'action="{link}"' in page.content.decode()
    secret = link.strip("/").rpartition("/")[2]
    assert secret not in repr([session.get_decoded() for session in Session.objects.all()])
    typed = {"password1": "rain on the old roof", "password2": "rain on the old roof"}
    client.post(link, {**typed, "recovery_code": recovery_code_of(ana)})
    assert ana.user.check_password(CAST_PASSWORD)
    ana.user.refresh_from_db()
    assert ana.user.check_password(typed["password1"]) and not works(link)


def test_known_device_is_not_counted(ana: Member, mailoutbox: list) -> None:
    device = Client()
    device.post("/sign-in/", {"login": EMAIL, "password": CAST_PASSWORD, "is_own_device": "on"})
    device.post("/sign-out/")
    ask()
    ask(device)
    ask(device)
    assert len(links(mailoutbox)) == 3
    ask()
    assert links(mailoutbox) == []


def test_each_address_has_its_own_quarter_of_an_hour(ana: Member, ben: Member, mailoutbox: list) -> None:
    ask()
    ask(email=ben.user.email)
    assert len(links(mailoutbox)) == 2


def test_link_that_was_used_is_no_reason_to_wait_for_another(ana: Member, mailoutbox: list) -> None:
    ask()
    (first,) = links(mailoutbox)
    keys.reset_password(user_id=ana.user_id, password="rain on the roof", recovery_code=recovery_code_of(ana))
    ask()
    (second,) = links(mailoutbox)
    assert first != second and not works(first)


def test_operator_at_the_command_line_is_not_counted(coordinator: User, mailoutbox: list) -> None:
    ask(email=coordinator.email)
    recovery.send_new_password_link(email=coordinator.email)
    assert len(set(links(mailoutbox))) == 1
