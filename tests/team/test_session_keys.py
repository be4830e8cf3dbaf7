"""The private key of a signed-in member: unlocked by the password, and worthless without the browser's cookie."""

import json

import pytest
from allauth.account import views  # noqa: F401  # before its stages, which cannot be imported first
from allauth.account.internal.stagekit import clear_login, unstash_login
from allauth.account.stages import LoginStage, LoginStageController
from allauth.core import context
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import Client

from peersupport.sealing.envelope import CannotOpen
from peersupport.team import key_pair, session_keys
from peersupport.team.adapter import TeamAdapter
from peersupport.team.models import Member, User
from tests.cast import CAST_PASSWORD, request_of, sign_in

IN_BROWSER = "peerkey"


def test_signing_in_unlocks_the_key(client: Client, ana: Member, ana_key: bytes) -> None:
    sign_in(client, ana)
    assert session_keys.unlocked_key(request_of(client, ana.user)) == ana_key


def test_wrong_password_unlocks_nothing(client: Client, ana: Member) -> None:
    answer = client.post("/sign-in/", {"login": ana.user.email, "password": "not this one, sorry"})
    assert IN_BROWSER not in answer.cookies and session_keys.SESSION_KEY not in client.session


def test_user_without_membership_has_no_key(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    assert IN_BROWSER not in client.cookies
    assert session_keys.unlocked_key(request_of(client, coordinator)) is None


def test_session_row_alone_opens_nothing(client: Client, ana: Member, ana_key: bytes) -> None:
    sign_in(client, ana)
    request = request_of(client, ana.user)
    del request.COOKIES[IN_BROWSER]
    assert session_keys.unlocked_key(request) is None
    rows = json.dumps([session.get_decoded() for session in Session.objects.all()])
    for encoded in (ana_key.hex(), session_keys.b64encode(ana_key).decode(), client.cookies[IN_BROWSER].value):
        assert encoded not in rows


@pytest.mark.parametrize("value", ["", "x", "AAAA", "é", "A" * 44, "=" * 44])
def test_damaged_cookie_opens_nothing(client: Client, ana: Member, value: str) -> None:
    sign_in(client, ana)
    request = request_of(client, ana.user)
    request.COOKIES[IN_BROWSER] = value
    assert session_keys.unlocked_key(request) is None


def test_key_opens_only_for_its_member(client: Client, ana: Member, ben: Member) -> None:
    sign_in(client, ana)
    assert session_keys.unlocked_key(request_of(client, ben.user)) is None


def test_signing_in_again_as_another_replaces_the_key(client: Client, ana: Member, ben: Member, ben_key: bytes) -> None:
    sign_in(client, ana)
    client.post("/sign-out/")
    sign_in(client, ben)
    assert session_keys.unlocked_key(request_of(client, ben.user)) == ben_key


def test_password_that_does_not_open_the_key_signs_in_with_a_locked_key(client: Client, ana: Member) -> None:
    """The password was set without the key, by a restored table or by hand: the page says that the key is locked."""
    ana.user.set_password("another password entirely")
    ana.user.save()
    client.post("/sign-in/", {"login": ana.user.email, "password": "another password entirely"})
    assert "Your key is locked in this browser" in client.get("/my-page/").content.decode()


def test_own_page_says_that_the_key_is_locked(client: Client, ana: Member) -> None:
    sign_in(client, ana)
    assert "locked in this browser" not in client.get("/my-page/").content.decode()
    del client.cookies[IN_BROWSER]
    assert "locked in this browser" in client.get("/my-page/").content.decode()


def test_a_dropped_key_is_locked_and_its_cookie_goes(client: Client, ana: Member, ana_key: bytes) -> None:
    sign_in(client, ana)
    request, response = request_of(client, ana.user), HttpResponse()
    assert session_keys.unlocked_key(request) == ana_key
    session_keys.drop(request, response)
    assert session_keys.unlocked_key(request) is None and response.cookies[IN_BROWSER].value == ""


def test_cookie_is_secure_and_bound_to_the_host_where_there_is_tls(settings: object, ana: Member) -> None:
    settings.COOKIE_PREFIX, settings.SESSION_COOKIE_SECURE = "__Host-", True
    response = HttpResponse()
    session_keys.set_cookie(response, session_keys.split(b"k" * 32, ana.user.pk))
    cookie = response.cookies["__Host-peerkey"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


class SecondStep(LoginStage):
    """Stands for a second factor: a stage before the sign-in is complete."""

    key = "second_step"
    urlname = "account_login"

    def handle(self) -> tuple[HttpResponse, bool]:
        return redirect("/second-step/"), True


class TwoStepAdapter(TeamAdapter):
    def get_login_stages(self) -> list[str]:
        return [*super().get_login_stages(), "tests.team.test_session_keys.SecondStep"]


@pytest.fixture
def two_steps(settings: object) -> None:
    settings.ACCOUNT_ADAPTER = "tests.team.test_session_keys.TwoStepAdapter"


def test_key_is_unlocked_only_after_the_second_step(
    two_steps: None, client: Client, ana: Member, ana_key: bytes
) -> None:
    answer = client.post("/sign-in/", {"login": ana.user.email, "password": CAST_PASSWORD})
    assert answer["Location"] == "/second-step/"
    assert session_keys.SESSION_KEY not in client.session and "_auth_user_id" not in client.session

    request = request_of(client, ana.user)
    request._messages = None
    with context.request_context(request):
        stage = LoginStageController.enter(request, SecondStep.key)
        stage.exit()
    assert session_keys.unlocked_key(request) == ana_key
    assert unstash_login(request, peek=True) is None


def test_key_is_dropped_if_the_second_step_fails(two_steps: None, client: Client, ana: Member) -> None:
    client.post("/sign-in/", {"login": ana.user.email, "password": CAST_PASSWORD})
    request = request_of(client, ana.user)
    carried = request.session["account_login"]["signal_kwargs"][session_keys.SIGNAL_KEY]
    clear_login(request)
    assert carried not in json.dumps(dict(request.session.items()))
    assert session_keys.unlocked_key(request) is None


def test_wrong_password_or_code_raises(ana: Member) -> None:
    with pytest.raises(CannotOpen):
        key_pair.open_by_password(ana.current_key.pair, CAST_PASSWORD + " ")
