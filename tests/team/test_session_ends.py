"""When a sign-in ends: without use, at its last hour, everywhere at once, or with a member's shift."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import signing
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.team import session_ends
from peersupport.team.actions import accounts, membership, sessions
from peersupport.team.domain.states import EndReason
from peersupport.team.models import Member, User
from tests.cast import CAST_PASSWORD, make_user, request_of, sign_in

MORNING = datetime(2026, 3, 2, 9, 20, tzinfo=timezone.get_default_timezone())
AWAY = "You'd been away for a while"


@pytest.fixture
def clock() -> time_machine.Traveller:
    with time_machine.travel(MORNING, tick=False) as traveler:
        yield traveler


def is_signed_in(client: Client, address: str = "/my-page/") -> bool:
    return client.get(address).status_code == 200


# Without use


def test_ends_after_an_hour_without_use(clock: time_machine.Traveller, client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    clock.shift(timedelta(minutes=59))
    assert is_signed_in(client)
    clock.shift(timedelta(minutes=59))
    assert is_signed_in(client), "opening a page starts the hour again"
    clock.shift(timedelta(minutes=61))
    assert not is_signed_in(client)
    assert not Session.objects.exists() and client.cookies["seen"].value == ""


def test_what_was_typed_when_it_ended_is_given_back(
    clock: time_machine.Traveller, client: Client, coordinator: User
) -> None:
    sign_in(client, coordinator)
    clock.shift(timedelta(minutes=61))
    answer = client.post("/words/about/new/", {"body": "Half an hour of words."})
    page = answer.content.decode()
    assert answer.status_code == 403 and AWAY in page and "Half an hour of words." in page


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Dest": "empty"}, {"Sec-Fetch-Dest": "image"}])
def test_what_a_script_fetches_does_not_count_as_use(
    clock: time_machine.Traveller, client: Client, coordinator: User, headers: dict[str, str]
) -> None:
    sign_in(client, coordinator)
    for _ in range(2):
        clock.shift(timedelta(minutes=31))
        client.get("/my-page/", headers=headers)
    assert not is_signed_in(client)


def test_page_that_loads_itself_again_does_not_count_as_use(client: Client, coordinator: User) -> None:
    request, response = request_of(sign_in(client, coordinator), coordinator), HttpResponse(headers={"Refresh": "2"})
    session_ends.renew(request, response)
    assert not response.cookies


def test_mark_of_an_earlier_sign_in_does_not_keep_this_one(client: Client, coordinator: User) -> None:
    earlier = sign_in(Client(), coordinator).cookies["seen"].value
    sign_in(client, coordinator)
    client.cookies["seen"] = earlier
    assert not is_signed_in(client)


@pytest.mark.parametrize("value", [None, "", "x", "é:", "99999999:abc"])
def test_without_a_mark_of_this_site_it_is_over(client: Client, coordinator: User, value: str | None) -> None:
    sign_in(client, coordinator)
    if value is None:
        del client.cookies["seen"]
    else:
        client.cookies["seen"] = value
    assert not is_signed_in(client)


def test_setting_says_after_how_long(
    clock: time_machine.Traveller, settings: object, client: Client, coordinator: User
) -> None:
    settings.SESSION_IDLE_MINUTES = 10
    sign_in(client, coordinator)
    clock.shift(timedelta(minutes=11))
    assert not is_signed_in(client)


def test_use_writes_no_row(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    before = list(Session.objects.values())
    client.get("/home/")
    client.post("/members/invite/", {})
    assert list(Session.objects.values()) == before


def test_opening_an_anonymous_page_reads_and_sets_nothing(client: Client, ana: Member) -> None:
    sign_in(client, ana)
    del client.cookies["seen"]
    assert not client.get("/about/").cookies and Session.objects.exists()


# At the last hour


def test_ends_at_the_last_full_hour_of_eight(clock: time_machine.Traveller, client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    for _ in range(9):
        clock.shift(timedelta(minutes=50))
        assert is_signed_in(client)
    assert Session.objects.get().expire_date == MORNING.replace(hour=17, minute=0)
    clock.shift(timedelta(minutes=11))
    assert not is_signed_in(client)


def test_signature_of_the_row_tells_the_hour_alone(
    clock: time_machine.Traveller, client: Client, coordinator: User
) -> None:
    client.post("/sign-in/", {"login": coordinator.email, "password": CAST_PASSWORD})
    _data, made, _signature = Session.objects.get().session_data.split(":")
    assert signing.b62_decode(made) == MORNING.replace(minute=0).timestamp()


# Everywhere at once


def test_signs_out_every_browser_at_once_and_takes_their_rows(client: Client, ana: Member, ben: Member) -> None:
    elsewhere, other = sign_in(Client(), ana), sign_in(Client(), ben)
    sign_in(client, ana)
    answer = client.post("/my-page/sign-out-everywhere/", follow=True)
    assert "You&#x27;re signed out everywhere." in answer.content.decode()
    assert not is_signed_in(client) and not is_signed_in(elsewhere)
    assert is_signed_in(other) and Session.objects.count() == 1
    assert all(client.cookies[name].value == "" for name in ("seen", "confirmed", "peerkey"))
    assert Entry.objects.count() == 0


def test_row_that_was_missed_lets_nobody_in(client: Client, ana: Member) -> None:
    sign_in(client, ana)
    row = Session.objects.get()
    sessions.end_all(user_id=ana.user_id)
    row.save(force_insert=True)
    assert not is_signed_in(client)


def test_new_password_ends_the_others_and_leaves_this_one(client: Client, ana: Member) -> None:
    elsewhere, new = sign_in(Client(), ana), "another word by day"
    sign_in(client, ana)
    client.post("/my-page/password/", {"oldpassword": CAST_PASSWORD, "password1": new, "password2": new})
    assert is_signed_in(client) and not is_signed_in(elsewhere)
    assert Session.objects.count() == 1


def test_generation_changes_with_the_password_and_with_the_account(
    client: Client, coordinator: User, operator: User, director: User, ana: Member
) -> None:
    def changes(user: User, act: object) -> bool:
        before = User.objects.get(pk=user.pk).session_generation
        act()
        return User.objects.get(pk=user.pk).session_generation != before

    end = {"reason": EndReason.OWN_WISH, "on": timezone.localdate()}
    assert changes(director, lambda: accounts.change_account(user_id=director.pk, name="D", roles=[], by=operator))
    assert changes(ana.user, lambda: membership.end_membership(member_id=ana.pk, by=coordinator, **end))
    assert not changes(operator, lambda: sign_in(client, operator))


def test_generations_are_of_one_account_each(db: None) -> None:
    assert make_user("One", Role.MEMBER).session_generation != make_user("Two", Role.MEMBER).session_generation


def test_only_a_press_signs_out_everywhere(client: Client, ana: Member) -> None:
    sign_in(client, ana)
    assert client.get("/my-page/sign-out-everywhere/").status_code == 405 and is_signed_in(client)


# For a shift


def begin_shift(client: Client, somebody: User | Member) -> object:
    user = getattr(somebody, "user", somebody)
    return client.post("/sign-in/", {"login": user.email, "password": CAST_PASSWORD, "shift": "on"})


def test_shift_lasts_without_use_and_ends_after_twelve_hours(
    clock: time_machine.Traveller, client: Client, ana: Member
) -> None:
    begin_shift(client, ana)
    clock.shift(timedelta(hours=11, minutes=30))
    assert is_signed_in(client, "/desk/")
    clock.shift(timedelta(minutes=11))
    assert not is_signed_in(client, "/desk/")


def test_all_that_a_shift_needs_survives_the_browser_and_ends_at_one_moment(
    clock: time_machine.Traveller, client: Client, ana: Member
) -> None:
    begin_shift(client, ana)
    ends = {client.cookies[name]["expires"] for name in ("sessionid", "peerkey")}
    assert ends == {"Tue, 03 Mar 2026 03:00:00 GMT"}
    assert Session.objects.get().expire_date == MORNING.replace(hour=21, minute=0)
    kept = {name for name, cookie in client.cookies.items() if cookie["max-age"] or cookie["expires"]}
    assert kept == {"sessionid", "peerkey", "device"}, "the others end with the browser"


def test_row_of_a_shift_tells_no_minute(clock: time_machine.Traveller, client: Client, ana: Member) -> None:
    begin_shift(client, ana)
    data = Session.objects.get().get_decoded()
    assert data["_session_expiry"] == "2026-03-03T03:00:00+00:00"
    assert set(data) == {
        "_auth_user_id", "_auth_user_backend", "_auth_user_hash", "account_authentication_methods_user",
        "_session_expiry", "member_key", "shift", "sign_in",
    }  # fmt: skip


@pytest.mark.parametrize("also", [Role.COORDINATOR, Role.CLINICAL_DIRECTOR, Role.DESIGNEE])
def test_member_with_another_role_gets_no_shift(client: Client, ana: Member, also: Role) -> None:
    User.objects.filter(pk=ana.user_id).update(**{f"is_{also.value}": True})
    answer = begin_shift(client, ana)
    assert client.cookies["sessionid"]["max-age"] == client.cookies["peerkey"]["max-age"] == ""
    assert not client.session["shift"]
    page = client.get(answer["Location"], follow=True).content.decode()
    assert "for members without another role" in page


def test_another_role_ends_a_shift(client: Client, ana: Member) -> None:
    begin_shift(client, ana)
    assert is_signed_in(client)
    User.objects.filter(pk=ana.user_id).update(is_coordinator=True)
    assert not is_signed_in(client)


def test_shift_can_be_turned_off(settings: object, client: Client, ana: Member) -> None:
    begin_shift(client, ana)
    settings.SHIFT_HOURS = 0
    assert not is_signed_in(client)
    assert "keep me signed in" not in client.get("/sign-in/").content.decode()
    begin_shift(client, ana)
    assert not client.session["shift"]


def test_form_says_how_many_hours(settings: object, client: Client, db: None) -> None:
    settings.SHIFT_HOURS = 10
    assert "for 10 hours at most" in client.get("/sign-in/").content.decode()


def test_wrong_password_begins_no_shift(client: Client, ana: Member) -> None:
    client.post("/sign-in/", {"login": ana.user.email, "password": "not this one, sorry", "shift": "on"})
    assert "peerkey" not in client.cookies and not Session.objects.filter(expire_date__gt=timezone.now()).exists()


def test_signing_out_of_a_shift_deletes_what_would_outlast_it(client: Client, ana: Member) -> None:
    begin_shift(client, ana)
    client.post("/sign-out/")
    assert [client.cookies[name].value for name in ("sessionid", "peerkey", "seen", "confirmed")] == [""] * 4
    assert not Session.objects.exists()


def test_signing_in_again_without_the_box_ends_with_the_browser(client: Client, ana: Member) -> None:
    begin_shift(client, ana)
    client.post("/sign-out/")
    sign_in(client, ana)
    assert client.cookies["sessionid"]["max-age"] == client.cookies["peerkey"]["max-age"] == ""


def test_cookies_of_somebody_signed_in(client: Client, ana: Member) -> None:
    """The whole list; a new one belongs on it, and among what signing out deletes."""
    sign_in(client, ana)
    client.get("/my-page/")
    there = {name for name, cookie in client.cookies.items() if cookie.value}
    assert there <= {"sessionid", "csrftoken", "peerkey", "seen", "confirmed", "said"}
