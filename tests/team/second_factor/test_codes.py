"""The codes of an app: which one fits, that each works once, and what wrong ones cost."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from peersupport.team.actions import mails
from peersupport.team.models import Member, User
from tests.cast import CAST_PASSWORD, sign_in_directly
from tests.team.own_factors import PAGE, code_now, give_app, give_backup_codes, give_passkey, type_code, type_password
from tests.team.second_factor.conftest import NOW

pytestmark = pytest.mark.usefixtures("noon")


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_code_of_another_half_minute_does_not_fit(client: Client, coordinator: User, seconds: int) -> None:
    give_app(coordinator)
    type_password(client, coordinator)
    answer = type_code(client, code_now(at=NOW + timedelta(seconds=seconds)))
    assert answer.status_code == 200 and "fit" in answer.content.decode()


@pytest.mark.parametrize("typed", ["", "x", "٣٣٣٣٣٣", "0" * 40, "0" * 400, "\0", "é"])
def test_what_is_no_code_gets_a_sentence(client: Client, coordinator: User, typed: str) -> None:
    give_app(coordinator)
    give_backup_codes(coordinator)
    type_password(client, coordinator)
    answer = type_code(client, typed)
    assert answer.status_code == 200 and 'class="error' in answer.content.decode()


def test_an_apps_code_works_once(coordinator: User) -> None:
    give_app(coordinator)
    first, second = Client(), Client()
    for client in (first, second):
        type_password(client, coordinator)
    assert type_code(first, code_now()).status_code == 302
    assert "was used already" in type_code(second, code_now()).content.decode()
    assert "_auth_user_id" not in second.session


def test_the_code_typed_to_add_the_app_counts_as_used(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    page = client.get(f"{PAGE}app/")
    code = code_now(page.context["secret"].replace(" ", ""))
    client.post(f"{PAGE}app/", {"setup": page.context["setup"], "code": code, "password": CAST_PASSWORD})
    other = Client()
    type_password(other, coordinator)
    assert "was used already" in type_code(other, code).content.decode()


def test_wrong_codes_are_slowed_down_and_the_right_one_opens_after_the_wait(client: Client, ana: Member) -> None:
    give_app(ana.user)
    type_password(client, ana.user)
    said = [type_code(client, "000000").content.decode() for _ in range(5)][-1]
    assert "This code doesn&#x27;t fit." in said
    assert "Wait 5 seconds, then type the code" in type_code(client, code_now()).content.decode()
    assert client.get("/my-page/").status_code == 302, "nothing opened"
    with time_machine.travel(timezone.now() + timedelta(seconds=6), tick=False):
        assert type_code(client, code_now()).status_code == 302
        assert client.get("/my-page/").status_code == 200


def test_the_owner_hears_of_ten_wrong_codes_once(client: Client, ana: Member, mailoutbox: list) -> None:
    give_app(ana.user)
    type_password(client, ana.user)
    start = timezone.now().replace(hour=18, minute=0, second=0)
    for number in range(12):
        with time_machine.travel(start + timedelta(minutes=2 * number), tick=False):
            type_code(client, "000000")
        mails.send_mails()
        assert len(mailoutbox) == (number >= 9)
    assert mailoutbox[0].to == ["ana@example.org"] and "someone knows your password" in mailoutbox[0].body


def test_who_has_no_app_reads_nothing_of_one(client: Client, coordinator: User) -> None:
    give_passkey(coordinator)
    give_backup_codes(coordinator)
    type_password(client, coordinator)
    said = [type_code(client, "00000000").context["form"].errors["code"][0] for _ in range(6)]
    assert "Type a backup code" in said[0] and "then type your backup code again" in said[5]
    assert not [sentence for sentence in said if "app" in sentence]
