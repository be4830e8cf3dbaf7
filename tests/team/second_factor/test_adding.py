"""Adding an app or a passkey."""

import json
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.team import asking_again, passkeys, second_factor
from peersupport.team.actions import factors
from peersupport.team.models import Member, User
from peersupport.team.queries.factors import factors_of
from tests.cast import CAST_PASSWORD, request_of, sign_in_directly
from tests.team.own_factors import PAGE, SECRET, challenge_of, code_now, enroll, touch_key
from tests.team.second_factor.conftest import NOW

pytestmark = pytest.mark.usefixtures("noon")


def test_the_first_factor_comes_with_backup_codes_and_they_are_shown_once(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    key_before = client.session.session_key
    codes = enroll(client, coordinator)
    assert len(set(codes)) == 10 and client.session.session_key != key_before
    assert factors_of(coordinator).are_codes_kept and second_factor.has_passed(request_of(client, coordinator))
    page = client.get(PAGE).content.decode()
    assert not [code for code in codes if code in page or f"{code[:4]} {code[4:]}" in page]
    assert [entry.action for entry in Entry.objects.order_by("pk")] == ["second_factor_added"]


def test_a_new_app_takes_the_place_of_the_old_one(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    enroll(client, coordinator)
    before = Authenticator.objects.get(type="totp").data
    page = client.get(f"{PAGE}app/")
    code = code_now(page.context["secret"].replace(" ", ""))
    answer = client.post(f"{PAGE}app/", {"setup": page.context["setup"], "code": code, "password": CAST_PASSWORD})
    assert answer.status_code == 302
    assert Authenticator.objects.get(type="totp").data != before
    assert Entry.objects.filter(action="second_factor_replaced").count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"code": "000000"}, "fit"), ({"password": "not mine"}, "your password"), ({"code": ""}, "type the code")],
)
def test_a_slip_while_adding_an_app_keeps_the_same_secret(client: Client, coordinator: User, changed, said) -> None:
    sign_in_directly(client, coordinator)
    page = client.get(f"{PAGE}app/")
    code = code_now(page.context["secret"].replace(" ", ""))
    typed = {"setup": page.context["setup"], "code": code, "password": CAST_PASSWORD}
    again = client.post(f"{PAGE}app/", {**typed, **changed})
    assert said in again.content.decode() and not Authenticator.objects.exists()
    assert again.context["secret"] == page.context["secret"]


def secret_on_page(client: Client) -> str:
    return str(client.get(f"{PAGE}app/").context["secret"])


def test_a_phone_that_loads_the_page_again_gets_the_same_secret_and_a_lost_app_never_its_own(
    client: Client, coordinator: User, ana: Member
) -> None:
    """Whoever looks at their app has the browser away, and it may load the page anew."""
    sign_in_directly(client, coordinator)
    first = secret_on_page(client)
    assert secret_on_page(client) == first
    enroll(client, coordinator)
    second = secret_on_page(client)
    Authenticator.objects.filter(type="totp").delete()
    assert len({first, second, secret_on_page(client)}) == 2 and secret_on_page(client) == second
    others = (
        secret_on_page(sign_in_directly(Client(), ana.user)),
        secret_on_page(sign_in_directly(Client(), coordinator)),
    )
    assert len({first, second, *others}) == 4, "another person, another sign-in"


def test_who_finds_the_browser_open_reads_no_secret_that_its_owner_will_add(
    client: Client, coordinator: User, noon: time_machine.Traveller
) -> None:
    sign_in_directly(client, coordinator)
    shown = {secret_on_page(client)}
    noon.shift(timedelta(minutes=11))
    found = {secret_on_page(client) for _ in range(3)}
    assert len(found) == 3 and not found & shown, "each is shown once"
    confirmed = HttpResponse()
    asking_again.confirm(request_of(client, coordinator), confirmed)
    client.cookies.update(confirmed.cookies)
    own = secret_on_page(client)
    assert own not in found | shown and secret_on_page(client) == own, "each confirmation gives another"


def test_a_page_of_somebody_else_adds_nothing(client: Client, coordinator: User, ana: Member) -> None:
    sign_in_directly(client, ana.user)
    page = client.get(f"{PAGE}app/")
    code = code_now(page.context["secret"].replace(" ", ""))
    sign_in_directly(client, coordinator)
    for setup in (page.context["setup"], "", "AAAA", "é", "="):
        client.post(f"{PAGE}app/", {"setup": setup, "code": code, "password": CAST_PASSWORD})
    assert not Authenticator.objects.exists()


def test_a_passkey_is_added_named_and_never_twice(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    page, device = client.get(f"{PAGE}passkey/"), touch_key()
    options = json.loads(page.context["options"])
    assert (options["rp"]["id"], options["rp"]["name"]) == ("testserver", "Peer Support")
    typed = {
        "setup": page.context["setup"], "credential": device.made(challenge_of(page)), "name": "My phone",
        "password": CAST_PASSWORD,
    }  # fmt: skip
    slip = client.post(f"{PAGE}passkey/", {**typed, "password": "not mine"})
    assert slip.context["credential"] == typed["credential"], "a second passkey would be made on the device"
    shown = client.post(f"{PAGE}passkey/", {**typed, "setup": slip.context["setup"]})
    assert len(shown.context["codes"]) == 10
    again = client.get(f"{PAGE}passkey/")
    excluded = json.loads(again.context["options"])["excludeCredentials"]
    assert [each["id"] for each in excluded] == [json.loads(typed["credential"])["id"]]
    twice = {**typed, "setup": again.context["setup"], "credential": device.made(challenge_of(again))}
    assert "on your list already" in client.post(f"{PAGE}passkey/", twice).content.decode()
    factor = Authenticator.objects.get(type="webauthn")
    client.post(f"{PAGE}{factor.pk}/name/", {"name": "The old phone"})
    assert "The old phone" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "nonsense", '{"id":"AA","rawId":"AA","response":{}}'])
def test_what_is_no_passkey_gets_a_sentence(client: Client, coordinator: User, answer: str) -> None:
    sign_in_directly(client, coordinator)
    page = client.get(f"{PAGE}passkey/")
    typed = {"setup": page.context["setup"], "credential": answer, "name": "x", "password": CAST_PASSWORD}
    shown = client.post(f"{PAGE}passkey/", typed)
    assert "No passkey was made" in shown.content.decode() and shown.context["credential"] == ""
    assert not Authenticator.objects.exists()


def test_the_host_header_names_nothing(settings, coordinator: User) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://peer.example.org", ["*"]
    client = Client(headers={"host": "evil.example"})
    sign_in_directly(client, coordinator)
    options = json.loads(client.get(f"{PAGE}passkey/").context["options"])
    assert options["rp"]["id"] == "peer.example.org"
    assert "evil" not in client.get(f"{PAGE}app/").context["app_address"]
    assert passkeys.site_origin() == "https://peer.example.org"
    settings.SITE_URL = "https://peer.example.org:443/"
    assert passkeys.site_origin() == "https://peer.example.org"


def test_a_session_that_has_not_passed_adds_nothing_to_an_account_that_has_one(coordinator: User) -> None:
    """Two sessions of one password, open before there was a factor; and the same at the same moment."""
    first, second = Client(), Client()
    for client in (first, second):
        sign_in_directly(client, coordinator)
    page = second.get(f"{PAGE}app/")
    enroll(first, coordinator)
    code = code_now(page.context["secret"].replace(" ", ""))
    answer = second.post(f"{PAGE}app/", {"setup": page.context["setup"], "code": code, "password": CAST_PASSWORD})
    assert answer["Location"] == "/sign-in/" and "_auth_user_id" not in second.session
    with pytest.raises(Refused, match="in the meantime"):
        factors.add_app(by=coordinator, secret=SECRET, code=code_now(), now=NOW, has_passed=False)
    with pytest.raises(Refused, match="in the meantime"):
        factors.add_passkey(by=coordinator, key={"id": "x"}, name="x", has_passed=False)
