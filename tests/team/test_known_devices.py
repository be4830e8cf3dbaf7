"""The cookie of a device on which somebody signed in before."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from peersupport.access.public_routes import ANONYMOUS_ROUTES
from peersupport.team import known_devices
from peersupport.team.actions import keys, sessions
from peersupport.team.models import Member, User
from peersupport.team.queries import accounts
from tests.cast import CAST_PASSWORD, make_user, recovery_code_of

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"
NOON = datetime(2026, 3, 10, 18, tzinfo=UTC)
NEW = "rain on the old roof"


def press(client: Client, user: User, **more: str) -> int:
    return client.post(SIGN_IN, {"login": user.email, "password": CAST_PASSWORD, **more}).status_code


def known_by(client: Client) -> User | None:
    request = RequestFactory().get(SIGN_IN)
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return known_devices.known_user(request)


def device_of(client: Client, user: User) -> str:
    request = RequestFactory().get(SIGN_IN)
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return known_devices.device_of(request, user.email)


@pytest.fixture
def device(ana: Member) -> Client:
    client = Client()
    assert press(client, ana.user, is_own_device="on") == 302
    return client


def test_device_is_known_once_somebody_has_signed_in_and_said_so(ana: Member, device: Client) -> None:
    cookie = device.cookies["device"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"], cookie["max-age"]) == (
        SIGN_IN, "Lax", True, 90 * 24 * 60 * 60,
    )  # fmt: skip
    assert known_by(device) == ana.user


@pytest.mark.parametrize("typed", [{}, {"is_own_device": "on", "password": "not this one, sorry"}])
def test_device_is_not_known_without_the_box_or_with_a_wrong_password(ana: Member, typed: dict[str, str]) -> None:
    client = Client()
    press(client, ana.user, **typed)
    assert "device" not in client.cookies


def test_cookie_goes_to_no_page_but_those_of_signing_in(device: Client) -> None:
    """A browser sends a cookie to addresses below its path: no anonymous page is among them."""
    path = device.cookies["device"]["path"]
    assert path == reverse("account_login") != "/"
    plain = [name for name in ANONYMOUS_ROUTES if name not in {"results:year"} and not name.startswith("apply:")]
    assert not [name for name in plain if reverse(name).startswith(path)]
    assert not "/apply/".startswith(path) and not "/results/".startswith(path)


def test_with_tls_the_cookie_is_secure_and_says_so_in_its_name(ana: Member, settings: object) -> None:
    settings.SESSION_COOKIE_SECURE = True
    response = HttpResponse()
    known_devices.remember(RequestFactory().get("/"), response, ana.user)
    assert list(response.cookies) == ["__Secure-device"] and response.cookies["__Secure-device"]["secure"]
    known_devices.forget(response)
    assert response.cookies["__Secure-device"]["max-age"] == 0
    assert response.cookies["__Secure-device"]["secure"] and response.cookies["__Secure-device"]["path"] == SIGN_IN


def test_cookie_tells_nothing_and_has_one_length(ana: Member, device: Client, coordinator: User) -> None:
    first = device.cookies["device"].value
    device.post("/sign-out/")
    press(device, coordinator, is_own_device="on")
    second = device.cookies["device"].value
    assert len(first) == len(second) and "ana" not in bytes.fromhex(second).decode(errors="ignore")


def test_several_accounts_on_one_device_and_no_more_than_three(ana: Member, device: Client, coordinator: User) -> None:
    number = device_of(device, ana.user)
    device.post("/sign-out/")
    press(device, coordinator, is_own_device="on")
    assert number == device_of(device, ana.user) == device_of(device, coordinator)
    assert known_by(device) == coordinator
    for name in ("Nora Nova", "Nick Nova"):
        device.post("/sign-out/")
        press(device, make_user(name), is_own_device="on")
    assert device_of(device, coordinator) and not device_of(device, ana.user)


def test_device_is_forgotten_after_ninety_days(ana: Member) -> None:
    client = Client()
    with time_machine.travel(NOON, tick=False):
        press(client, ana.user, is_own_device="on")
    cookie = client.cookies["device"].value
    for days, known in ((90, ana.user), (91, None)):
        request = RequestFactory().get(SIGN_IN)
        request.COOKIES["device"] = cookie  # a browser's own clock decides nothing
        with time_machine.travel(NOON + timedelta(days=days), tick=False):
            assert known_devices.known_user(request) == known


def test_new_password_makes_it_void(ana: Member, device: Client) -> None:
    keys.change_password(user_id=ana.user_id, old=CAST_PASSWORD, new=NEW)
    assert known_by(device) is None and device_of(device, ana.user) == ""


def test_reset_makes_it_void(ana: Member, device: Client) -> None:
    keys.reset_password(user_id=ana.user_id, password=CAST_PASSWORD, recovery_code=recovery_code_of(ana))
    assert known_by(device) is None


def test_signing_out_everywhere_makes_it_void(ana: Member, device: Client) -> None:
    sessions.end_all(user_id=ana.user_id)
    assert known_by(device) is None


def test_deactivated_account_is_not_known(ana: Member, device: Client) -> None:
    User.objects.filter(pk=ana.user_id).update(is_active=False)
    assert known_by(device) is None and device_of(device, ana.user) == ""


def test_host_secret_that_is_being_replaced_still_opens_it(ana: Member, device: Client, settings: object) -> None:
    before, settings.HOST_SECRET = settings.HOST_SECRET, "another host secret, long enough for one"
    assert known_by(device) is None
    settings.HOST_SECRET_FALLBACKS = [before]
    assert known_by(device) == ana.user


@pytest.mark.parametrize("value", ["", "nonsense", "00" * 545, "02" * 545])
def test_altered_cookie_is_none(ana: Member, device: Client, value: str) -> None:
    device.cookies["device"] = value
    assert known_by(device) is None
    assert device.get("/sign-in/forgot/").status_code == 200


def test_without_a_cookie_no_account_is_looked_for(ana: Member, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):
        assert device_of(Client(), ana.user) == ""
    assert accounts.active_account_of(ana.user.email.upper()) == ana.user


def test_box_is_ticked_on_a_known_device(device: Client) -> None:
    device.post("/sign-out/")
    assert "checked" in device.get(SIGN_IN).content.decode()
    assert "checked" not in Client().get(SIGN_IN).content.decode()
