"""The second step of signing in: what the password alone opens, where it leads, and what ends it."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from peersupport.team import second_factor, session_keys
from peersupport.team.models import Member, User
from tests.cast import CAST_PASSWORD, request_of
from tests.team.own_factors import SECOND_STEP, code_now, give_app, type_code, type_password

pytestmark = pytest.mark.usefixtures("noon")


def test_the_password_alone_opens_nothing(client: Client, ana: Member) -> None:
    give_app(ana.user)
    answer = type_password(client, ana.user)
    assert (answer.status_code, answer["Location"]) == (302, SECOND_STEP)
    assert client.get("/desk/")["Location"].startswith("/sign-in/")
    assert client.post("/my-page/password/", {"oldpassword": CAST_PASSWORD})["Location"].startswith("/sign-in/")
    assert "_auth_user_id" not in client.session and session_keys.SESSION_KEY not in client.session
    request = request_of(client, User())
    assert session_keys.unlocked_key(request) is None


def test_the_apps_code_signs_in_and_the_members_key_is_open(client: Client, ana: Member, ana_key: bytes) -> None:
    give_app(ana.user)
    type_password(client, ana.user)
    assert type_code(client, f" {code_now()[:3]} {code_now()[3:]}")["Location"] == "/home/"
    assert session_keys.unlocked_key(request_of(client, ana.user)) == ana_key
    assert second_factor.has_passed(request_of(client, ana.user))


def test_signing_in_needs_no_cache(client: Client, ana: Member) -> None:
    """The tests' fails whoever uses it; a code counts once all the same."""
    give_app(ana.user)
    type_password(client, ana.user)
    code = code_now()
    assert type_code(client, code)["Location"] == "/home/"
    other = Client()
    type_password(other, ana.user)
    assert type_code(other, code).status_code == 200 and "_auth_user_id" not in other.session


def test_it_leads_to_the_page_that_was_asked_for(client: Client, coordinator: User) -> None:
    give_app(coordinator)
    client.post("/sign-in/?next=/members/", {"login": coordinator.email, "password": CAST_PASSWORD})
    assert type_code(client, code_now())["Location"] == "/members/"


def test_somebody_else_can_begin_anew_and_the_members_key_goes(client: Client, ana: Member) -> None:
    give_app(ana.user)
    type_password(client, ana.user)
    client.post("/sign-out/")
    assert client.cookies["peerkey"].value == "" and "account_login" not in client.session
    assert client.get("/sign-in/").status_code == 200


def changed_password(user: User) -> None:
    user.set_password("another word entirely")
    user.save()


def deactivated(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def lifted(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()


@pytest.mark.parametrize("what", [changed_password, deactivated, lifted])
def test_what_happened_since_the_password_ends_the_sign_in(client: Client, ana: Member, what: object) -> None:
    give_app(ana.user)
    type_password(client, ana.user)
    what(ana.user)  # type: ignore[operator]
    assert type_code(client, code_now())["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session and client.cookies["peerkey"].value == ""


@pytest.mark.parametrize("stale", [None, 7, "x", {"user_pk": None}])
def test_a_stale_sign_in_in_the_session_leads_back_to_the_password(client: Client, coordinator: User, stale) -> None:
    give_app(coordinator)
    type_password(client, coordinator)
    session = client.session
    session["account_login"] = stale
    session.save()
    assert client.get(SECOND_STEP)["Location"] == "/sign-in/"


def test_there_is_no_hurry(client: Client, coordinator: User, noon: object) -> None:
    give_app(coordinator)
    type_password(client, coordinator)
    noon.shift(timedelta(hours=6))  # type: ignore[attr-defined]
    assert type_code(client, code_now()).status_code == 302


def test_exit_leaves_no_half_sign_in(client: Client, coordinator: User) -> None:
    give_app(coordinator)
    assert 'class="exit"' in client.get("/sign-in/").content.decode()
    type_password(client, coordinator)
    said = client.get(SECOND_STEP).content.decode()
    assert 'class="exit"' not in said and "Sign in as someone else" in said
