"""Signing in and out, rate limits, and what neither leaves behind."""

import hashlib
import re

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import update_last_login
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from peersupport.audit.models import Entry
from peersupport.team.adapter import TeamAdapter
from peersupport.team.models import Member, User
from peersupport.team.throttling import daily_hash
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


def test_too_many_attempts_have_to_wait(client: Client, coordinator: User) -> None:
    for _ in range(6):
        answer = client.post(SIGN_IN, {"login": coordinator.email, "password": "not this one, sorry"})
    assert "Wait five minutes" in answer.content.decode()
    right = client.post(SIGN_IN, {"login": coordinator.email, "password": CAST_PASSWORD})
    assert "Wait five minutes" in right.content.decode()


@pytest.mark.sqlite_only  # there the shared cache is a table that can be read
def test_no_client_address_is_stored(client: Client, ana: Member) -> None:
    client.post(SIGN_IN, {"login": "x@example.org", "password": "wrong"}, REMOTE_ADDR="203.0.113.77")
    client.post(SIGN_IN, {"login": "x@example.org", "password": "wrong"}, REMOTE_ADDR="2001:db8:7::1")
    sign_in(client, ana)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM shared_cache")
        kept = repr(cursor.fetchall()) + repr(list(Session.objects.values_list()))
    assert "allauth" in kept, "attempts are counted"
    for trace in ("203.0.113", "2001:db8", "127.0.0.1"):
        assert trace not in kept


def try_everything(client: Client, member: Member) -> None:
    """Everything that is rate-limited: wrong passwords, a right one, and secrets that a signed-in user may guess."""
    email = member.user.email
    client.post(SIGN_IN, {"login": email, "password": "wrong"})
    client.post("/sign-in/forgot/", {"email": email})
    sign_in(client, member)
    typed = {"password1": "rain on the old roof", "password2": "rain on the old roof"}
    client.post("/my-page/password/", {"oldpassword": "wrong", **typed})
    client.post("/my-page/recovery-code/", {"code": "abacus abdomen"})
    client.post("/my-page/bell/test/")
    client.post("/my-page/password/", {"oldpassword": CAST_PASSWORD, **typed})
    client.post("/sign-out/")
    client.post(SIGN_IN, {"login": email, "password": "rain on the old roof"})


def rate_limit_keys() -> set[str]:
    """The keys of rate limits in the cache that all processes share."""
    if "Redis" in settings.CACHES["default"]["BACKEND"]:
        keys = [key.decode() for key in cache._cache.get_client().keys("*")]
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT cache_key FROM shared_cache")
            keys = [key for (key,) in cursor.fetchall()]
    return {key for key in keys if "allauth" in key}


def test_rate_limits_identify_no_account(client: Client, ana: Member, ben: Member) -> None:
    cache.clear()
    try_everything(client, ana)
    marks = {key.rpartition(":")[2] for key in rate_limit_keys()}
    actions = {key.split(":")[5] for key in rate_limit_keys()}
    assert actions == {"login_failed", "reset_password", "new_password_for", "own_password", "own_secret"}
    assert all(re.fullmatch("[0-9a-f]{64}", mark) for mark in marks), "an id of an account"
    for user in User.objects.all():
        for known in (user.email, user.email.upper(), f"testserver:{user.email}", str(user.pk)):
            assert hashlib.sha256(known.encode()).hexdigest() not in marks


def test_successful_sign_in_is_not_counted(client: Client, ana: Member) -> None:
    cache.clear()
    sign_in(client, ana)
    assert rate_limit_keys() == set()


def test_right_password_does_not_reset_the_count_of_wrong_ones(client: Client, coordinator: User) -> None:
    """Otherwise signing in with one's own account in between would allow unlimited guesses at another's password."""
    cache.clear()
    for password in ["wrong"] * 4 + [CAST_PASSWORD] + ["wrong"] * 2:
        answer = client.post(SIGN_IN, {"login": coordinator.email, "password": password})
        client.post("/sign-out/")
    assert "Wait five minutes" in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/my-page/password/", {"oldpassword": "a guess", "password1": "rain on the roof", "password2": "other"}),
        ("/sign-in/forgot/", {"email": "ana@example.org"}),
    ],
)
def test_limits_by_account_apply_to_every_client(
    client: Client, ana: Member, address: str, typed: dict[str, str]
) -> None:
    if address.startswith("/my-page/"):
        sign_in(client, ana)
    answers = [client.post(address, typed, REMOTE_ADDR=f"203.0.113.{number}").status_code for number in range(6)]
    assert answers[-1] == 429 and 429 not in answers[:-1]


def test_daily_hash_changes_every_day() -> None:
    with time_machine.travel("2026-03-10T18:00:00+00:00", tick=False):
        today = {daily_hash("address", "ana"), daily_hash("client", "ana"), daily_hash("address", "ben")}
    with time_machine.travel("2026-03-11T18:00:00+00:00", tick=False):
        assert daily_hash("address", "ana") not in today and len(today) == 3


def test_ipv6_network_counts_as_one_client_for_one_day() -> None:
    def client_key(address: str, day: str = "2026-03-10") -> str:
        with time_machine.travel(f"{day}T18:00:00+00:00", tick=False):
            return TeamAdapter().get_client_ip(RequestFactory().get("/", REMOTE_ADDR=address))

    assert client_key("2001:db8:7::1") == client_key("2001:db8:7::2") != client_key("2001:db8:8::1")
    assert client_key("203.0.113.7") != client_key("203.0.113.8")
    assert client_key("203.0.113.7") != client_key("203.0.113.7", "2026-03-11")
    assert client_key("") == client_key("nonsense") and "203.0.113" not in client_key("203.0.113.7")


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
