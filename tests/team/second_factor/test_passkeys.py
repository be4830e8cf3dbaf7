"""A passkey at the second step."""

from dataclasses import replace

import pytest
from django.test import Client

from peersupport.team import session_keys
from peersupport.team.models import Member, User
from tests.cast import request_of
from tests.team.own_factors import SECOND_STEP, challenge_of, give_app, touch_key, type_code, type_password

pytestmark = pytest.mark.usefixtures("noon")


def test_a_passkey_signs_in_after_the_password(client: Client, ana: Member, ana_key: bytes) -> None:
    device = touch_key()
    device.enroll(ana.user)
    type_password(client, ana.user)
    challenge = challenge_of(client.get(SECOND_STEP))
    assert challenge_of(client.get(SECOND_STEP)) == challenge, "a second tab makes the first one useless"
    assert client.post(SECOND_STEP, {"credential": device.signed(challenge)})["Location"] == "/home/"
    assert session_keys.unlocked_key(request_of(client, ana.user)) == ana_key


def test_a_passkeys_answer_counts_once_and_only_for_its_own_question(client: Client, coordinator: User) -> None:
    device, stranger = touch_key(), touch_key()
    device.enroll(coordinator)
    type_password(client, coordinator)
    elsewhere = replace(device, origin="https://evil.example")
    old = challenge_of(client.get(SECOND_STEP))

    def is_refused(answer: str) -> bool:
        page = client.post(SECOND_STEP, {"credential": answer})
        return page.status_code == 200 and "open your account" in page.content.decode()

    for other in (stranger, elsewhere):
        assert is_refused(other.signed(challenge_of(client.get(SECOND_STEP))))
    for answer in ("", "{}", "[]", "null", "nonsense", '{"id": 1}', device.signed(old)):
        assert is_refused(answer)
    fresh = challenge_of(client.get(SECOND_STEP))
    assert client.post(SECOND_STEP, {"credential": device.signed(fresh)}).status_code == 302


def test_a_passkey_alone_signs_nobody_in(client: Client, coordinator: User) -> None:
    device = touch_key()
    device.enroll(coordinator)
    assert client.post(SECOND_STEP, {"credential": device.signed("AAAA" * 11)})["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session


def test_passkeys_are_not_held_up_by_somebody_who_guesses_codes(client: Client, ana: Member) -> None:
    device = touch_key()
    give_app(ana.user)
    device.enroll(ana.user)
    for _ in range(2):
        type_password(client, ana.user)
        for _ in range(4):
            type_code(client, "000000")
    type_password(client, ana.user)
    answer = client.post(SECOND_STEP, {"credential": device.signed(challenge_of(client.get(SECOND_STEP)))})
    assert answer.status_code == 302
