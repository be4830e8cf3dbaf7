"""What signing in with a second factor leaves behind: no moment, no code, no secret in clear."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client

from operations.tasks import forget_expired
from peersupport.team.models import Member, Tries, UsedCode, User
from tests.cast import CAST_PASSWORD, sign_in_directly
from tests.team.own_factors import (
    PAGE,
    SECOND_STEP,
    challenge_of,
    code_now,
    enroll,
    give_app,
    touch_key,
    type_code,
    type_password,
)

pytestmark = pytest.mark.usefixtures("noon")


def test_used_codes_tell_nothing_and_are_forgotten(client: Client, coordinator: User, noon: object) -> None:
    give_app(coordinator)
    type_password(client, coordinator)
    type_code(client, code_now())
    used = UsedCode.objects.get()
    assert used.over_at == datetime(2026, 3, 10, 19, tzinfo=UTC) and code_now() not in used.mark
    forget_expired()
    assert UsedCode.objects.exists()
    noon.shift(timedelta(hours=1))  # type: ignore[attr-defined]
    forget_expired()
    assert not UsedCode.objects.exists()


def test_neither_step_records_when_it_was(client: Client, ana: Member) -> None:
    give_app(ana.user)
    device = touch_key()
    device.enroll(ana.user)
    type_password(client, ana.user)
    seconds = str(int(time.time()))
    pending = json.dumps(Session.objects.get().get_decoded())
    assert seconds not in pending and ana.user.email not in pending
    type_code(client, code_now())
    client.post("/sign-out/")
    type_password(client, ana.user)
    client.post(SECOND_STEP, {"credential": device.signed(challenge_of(client.get(SECOND_STEP)))})
    client.post(f"{PAGE}backup-codes/", {"password": CAST_PASSWORD, "replaced_id": 0})
    signed_in = json.dumps(Session.objects.get().get_decoded())
    assert seconds not in signed_in and "challenge" not in signed_in
    assert not Authenticator.objects.filter(last_used_at__isnull=False).exists()


def test_a_right_code_leaves_no_row_in_the_count_of_wrong_ones(client: Client, coordinator: User) -> None:
    give_app(coordinator)
    type_password(client, coordinator)
    type_code(client, "000000")
    assert Tries.objects.exists()
    type_code(client, code_now())
    assert not Tries.objects.exists()


def test_the_secrets_are_sealed_and_stand_in_no_session(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    page = client.get(f"{PAGE}app/")
    secret = page.context["secret"].replace(" ", "")
    enroll(client, coordinator)
    rows = json.dumps([row.data for row in Authenticator.objects.all()])
    sessions = json.dumps([row.get_decoded() for row in Session.objects.all()])
    seed = get_adapter().decrypt(Authenticator.objects.get(type="recovery_codes").data["seed"])
    stored = get_adapter().decrypt(Authenticator.objects.get(type="totp").data["secret"])
    for text in (secret, seed, stored):
        assert len(text) >= 32 and text not in rows + sessions
