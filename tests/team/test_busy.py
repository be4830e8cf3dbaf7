"""Too many passwords at once: who comes then is asked to press again, and nothing is counted or written."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from peersupport.access.permissions import Role
from peersupport.core import slow_hashes
from peersupport.core.slow_hashes import Line
from peersupport.team.actions import addresses, invitations, keys
from peersupport.team.models import Invitation, Member, Tries, User
from tests.cast import CAST_PASSWORD, sign_in
from tests.core.test_slow_hashes import holding

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


@pytest.fixture(autouse=True)
def real_passwords(ana: Member, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at by the program's own hasher; nobody waits long."""
    settings.PASSWORD_HASHERS = ["peersupport.team.password_hasher.BoundedArgon2Hasher"]
    monkeypatch.setattr(slow_hashes, "LONGEST_WAIT_SECONDS", 0.0)
    User.objects.filter(pk=ana.user_id).update(password=make_password(CAST_PASSWORD))


@pytest.fixture
def flood() -> Iterator[None]:
    """Strangers have all the seats that they can have."""
    with holding(Line.STRANGERS):
        yield


def press(client: Client, **more: str) -> object:
    return client.post(SIGN_IN, {"login": "ana@example.org", "password": CAST_PASSWORD, **more})


def test_stranger_in_a_flood_is_asked_to_press_again() -> None:
    with holding(Line.STRANGERS):
        for email in ("ana@example.org", "nobody@example.org"):
            answer = press(Client(), login=email)
            page = answer.content.decode()
            assert answer.status_code == 503 and "Many people are signing in right now." in page
            assert f'value="{email}"' in page, "the address is lost"
    assert not Tries.objects.exists()
    assert press(Client()).status_code == 302


def test_known_device_gets_in_during_the_flood(ana: Member) -> None:
    device = Client()
    assert press(device, is_own_device="on").status_code == 302
    device.post("/sign-out/")
    with holding(Line.STRANGERS):
        assert press(device).status_code == 302


def test_who_is_slowed_down_takes_no_place_in_a_line() -> None:
    for _ in range(5):
        press(Client(), password="not this one, sorry")
    with holding(Line.STRANGERS):
        assert press(Client()).status_code == 429


def test_anonymous_pages_answer_during_the_flood(flood: None, client: Client) -> None:
    assert client.get("/about/").status_code == 200 and client.get(SIGN_IN).status_code == 200


def test_other_forms_say_so_and_write_nothing(ana: Member, coordinator: User) -> None:
    client = sign_in(Client(), ana)
    token = invitations.invite(email="nora@example.org", name="Nora", roles=[Role.MEMBER], by=None)
    new = {"password1": "rain on the old roof", "password2": "rain on the old roof"}
    with holding(Line.KNOWN), holding(Line.KNOWN):
        answers = [
            client.post("/my-page/password/", {"oldpassword": CAST_PASSWORD, **new}),
            client.post("/my-page/recovery-code/new/", {"password": CAST_PASSWORD}),
            client.post("/my-page/address/", {"email": "new@example.org", "password": CAST_PASSWORD}),
            Client().post(f"/invitation/{token}/", new),
        ]
    assert [answer.status_code for answer in answers] == [503] * 4
    assert all("Nothing was changed." in answer.content.decode() for answer in answers)
    assert not Tries.objects.exists() and Invitation.objects.count() == 1


def test_who_waits_for_a_seat_holds_no_lock(ana: Member, django_assert_num_queries: Any) -> None:
    """Otherwise a few who wait would keep every officer from sending: nothing is asked of the database before."""
    of_ana = {"member_id": ana.pk, "by": ana.user}
    actions: list[Callable[[], object]] = [
        lambda: keys.change_password(user_id=ana.user_id, old=CAST_PASSWORD, new="rain"),
        lambda: keys.normalize_password(user_id=ana.user_id, password="rain on the caf\u00e9 roof"),
        lambda: keys.reset_password(user_id=ana.user_id, password="rain", recovery_code=""),
        lambda: keys.renew_recovery_code(password=CAST_PASSWORD, **of_ana),
        lambda: keys.check_recovery_code(code="abacus", **of_ana),
        lambda: addresses.request_change(user_id=ana.user_id, email="new@example.org", password=CAST_PASSWORD),
        lambda: invitations.accept_invitation(token="made up", password="rain"),
    ]
    with holding(Line.KNOWN), holding(Line.KNOWN), django_assert_num_queries(0):
        for act in actions:
            with pytest.raises(slow_hashes.Busy):
                act()
