"""Signing in and out, and what neither leaves behind. How wrong tries are counted: test_throttling.py."""

import pytest
from django.conf import settings
from django.contrib.auth.models import update_last_login
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import NoReverseMatch, reverse

from peersupport.audit.models import Entry
from peersupport.team.models import Member, User
from tests.cast import CAST_PASSWORD, sign_in

SIGN_IN = "/sign-in/"


def test_right_password_leads_home(client: Client, coordinator: User) -> None:
    answer = client.post(SIGN_IN, {"login": "Carla@Example.org ", "password": CAST_PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/home/")
    assert client.session["_auth_user_id"] == str(coordinator.pk)


def test_sign_in_redirects_to_the_requested_page_but_to_no_other_site(client: Client, coordinator: User) -> None:
    typed = {"login": coordinator.email, "password": CAST_PASSWORD}
    assert client.post(f"{SIGN_IN}?next=/members/", typed)["Location"] == "/members/"
    client.logout()
    assert client.post(f"{SIGN_IN}?next=https://elsewhere.example/", typed)["Location"] == "/home/"


def test_wrong_password_and_unknown_address_get_the_same_answer(client: Client, coordinator: User) -> None:
    wrong = client.post(SIGN_IN, {"login": coordinator.email, "password": "not this one, sorry"})
    unknown = client.post(SIGN_IN, {"login": "nobody@example.org", "password": "not this one, sorry"})
    for answer in (wrong, unknown):
        assert answer.status_code == 200
        assert "Wrong e-mail or password." in answer.content.decode()
    assert coordinator.email in wrong.content.decode(), "what was typed is lost"
    assert "_auth_user_id" not in client.session


def test_deactivated_account_gets_the_answer_of_a_wrong_password(client: Client, coordinator: User) -> None:
    User.objects.update(is_active=False)
    answer = client.post(SIGN_IN, {"login": coordinator.email, "password": CAST_PASSWORD})
    assert "Wrong e-mail or password." in answer.content.decode()


def test_sign_in_works_behind_a_socket(client: Client, coordinator: User) -> None:
    typed = {"login": coordinator.email, "password": CAST_PASSWORD}
    assert client.post(SIGN_IN, typed, REMOTE_ADDR="").status_code == 302


def test_sign_in_is_recorded_nowhere(client: Client, coordinator: User) -> None:
    before = User.objects.filter(pk=coordinator.pk).values().get()
    sign_in(client, coordinator)
    client.post("/sign-out/")
    assert User.objects.filter(pk=coordinator.pk).values().get() == before
    assert "last_login" not in {field.name for field in User._meta.get_fields()}
    assert update_last_login not in [receiver() for _, receiver, *_ in user_logged_in.receivers]
    assert Entry.objects.count() == 0


def test_cookies_end_with_the_browser_session(client: Client, ana: Member) -> None:
    sign_in(client, ana)
    assert {"sessionid", "peerkey"} <= set(client.cookies)
    for name in ("sessionid", "peerkey"):
        cookie = client.cookies[name]
        assert (cookie["expires"], cookie["max-age"]) == ("", "")
        assert (cookie["samesite"], cookie["httponly"]) == ("Lax", True)


def test_the_page_after_signing_out_says_so_once(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    client.post("/sign-out/")
    assert "You&#x27;re signed out." in client.get(SIGN_IN).content.decode()
    assert client.cookies["said"].value == "", "nothing of it outlives the page"
    assert "You&#x27;re signed out." not in client.get(SIGN_IN).content.decode()
    client.post("/sign-out/")
    assert "You&#x27;re signed out." not in client.get(SIGN_IN).content.decode(), "nobody was signed in"


def test_signing_out_removes_session_and_key(client: Client, ana: Member) -> None:
    sign_in(client, ana)
    answer = client.post("/sign-out/")
    assert (answer.status_code, answer["Location"]) == (302, SIGN_IN)
    assert client.cookies["peerkey"].value == "" and client.cookies["peerkey"]["max-age"] == 0
    assert Session.objects.count() == 0
    assert client.get("/members/")["Location"] == "/sign-in/?next=/members/"


def test_signing_out_needs_a_post(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    assert client.get("/sign-out/").status_code == 200
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_set_password", "account_inactive"])
def test_no_other_page_of_allauth_exists(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_post_after_the_session_ended_leads_to_sign_in(client: Client, ana: Member) -> None:
    """Not back to an address that accepts only POST and would answer 405 afterwards."""
    assert client.post(f"/members/{ana.pk}/leave/")["Location"] == SIGN_IN


def test_session_settings() -> None:
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE and settings.CSRF_COOKIE_AGE is None
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
