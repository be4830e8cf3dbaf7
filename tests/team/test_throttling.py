"""Who tries passwords from where, and who is affected how: the table of decision 0760, cell by cell."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone

from peersupport.celery import ROUNDS
from peersupport.sealing import host_secret, keyring
from peersupport.team import day_tags, tasks
from peersupport.team.actions import mails, tries
from peersupport.team.domain import tries as rules
from peersupport.team.models import Member, Tries, User
from tests.cast import CAST_PASSWORD, recovery_code_of, sign_in

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"
STATION, ELSEWHERE = "203.0.113.7", "198.51.100.9"
NOON = datetime(2026, 3, 10, 18, tzinfo=UTC)


class Clock:
    def __init__(self, traveller: time_machine.Traveller) -> None:
        self.traveller = traveller

    def wait(self, **duration: int) -> None:
        self.traveller.shift(timedelta(**duration))


@pytest.fixture(autouse=True)
def clock() -> Iterator[Clock]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield Clock(traveller)


class Browser:
    """A person who sends what stands in the hidden fields, as browsers do."""

    def __init__(self, network: str) -> None:
        self.client, self.network, self.place = Client(), network, ""

    def press(self, email: str, password: str = CAST_PASSWORD, **more: str) -> int:
        typed = {"login": email, "password": password, "place": self.place, **more}
        self.answer = self.client.post(SIGN_IN, typed, REMOTE_ADDR=self.network)
        form = self.answer.context and self.answer.context.get("form")
        self.place = form["place"].value() or "" if form else ""
        return self.answer.status_code

    def sign_out(self) -> None:
        self.client.post("/sign-out/")

    @property
    def says(self) -> str:
        return self.answer.content.decode()


@pytest.fixture
def ana_device(ana: Member) -> Browser:
    """Ana's own device, at the station."""
    browser = Browser(STATION)
    assert browser.press(ana.user.email, is_own_device="on") == 302
    browser.sign_out()
    return browser


def guess(network: str, email: str, times: int = 12) -> list[int]:
    """Wrong passwords from a script that keeps no cookie and no hidden field."""
    typed = {"login": email, "password": "not this one, sorry"}
    return [Client().post(SIGN_IN, typed, REMOTE_ADDR=network).status_code for _ in range(times)]


def counted(email: str, network: str) -> tries.Counted:
    return tries.Counted(
        day_tags.tag("sign-in from network", email, network),
        day_tags.tag("sign-in at account", email),
        day_tags.tag("sign-in by network", network),
    )


def set_tries(tag: str, number: int) -> None:
    Tries.objects.update_or_create(tag=tag, defaults={"tries": number})


# A stranger elsewhere, at one account


def test_stranger_elsewhere_is_slowed_down_and_the_owner_is_not(ana: Member) -> None:
    assert guess(ELSEWHERE, ana.user.email) == [200] * 5 + [429] * 7
    assert Browser(STATION).press(ana.user.email) == 302


def test_stranger_elsewhere_never_slows_the_owner_however_long_they_try(ana: Member) -> None:
    one = counted(ana.user.email, ELSEWHERE)
    for _ in range(200):
        Tries.objects.filter(tag=one.own).update(wait_until=None)
        tries.begin(one)
    assert Tries.objects.get(tag=one.account).tries == rules.SHARED_TRIES
    assert Browser(STATION).press(ana.user.email) == 302


def test_stranger_elsewhere_never_slows_a_known_device(ana: Member, ana_device: Browser) -> None:
    guess(ELSEWHERE, ana.user.email)
    assert ana_device.press(ana.user.email) == 302


# Somebody inside the station, at many accounts


def flood_station() -> None:
    """At seven accounts, until it is slowed down; then as if it had gone on for a while."""
    statuses = [guess(STATION, f"nobody{number}@example.org", 5) for number in range(7)]
    assert statuses == [[200] * 5] * 6 + [[429] * 5]
    set_tries(counted("", STATION).network, rules.NETWORK.free + 30)


def test_colleague_at_the_station_waits_a_little_and_is_never_refused(ben: Member, clock: Clock) -> None:
    flood_station()
    browser = Browser(STATION)
    assert browser.press(ben.user.email) == 429 and "Wait 20 seconds, then" in browser.says
    assert f'value="{ben.user.email}"' in browser.says, "the address is lost"
    clock.wait(seconds=20)
    assert browser.press(ben.user.email) == 302


def test_ten_wrong_passwords_at_the_station_slow_nobody_else(ana: Member, ben: Member) -> None:
    guess(STATION, ana.user.email, 10)
    assert Browser(STATION).press(ben.user.email) == 302


def test_known_device_in_the_station_gets_in_at_once(ana: Member, ana_device: Browser) -> None:
    flood_station()
    assert ana_device.press(ana.user.email) == 302


def test_flood_from_the_station_slows_nobody_elsewhere(ben: Member) -> None:
    flood_station()
    assert Browser(ELSEWHERE).press(ben.user.email) == 302


def test_every_account_that_the_flood_tries_is_slowed_down() -> None:
    flood_station()
    assert guess(STATION, "one.more@example.org", 3) == [429] * 3


# Somebody inside the station, at a colleague's account


def test_whoever_waited_is_looked_at_next_whatever_others_press(ana: Member, clock: Clock) -> None:
    guess(STATION, ana.user.email, 9)
    owner = Browser(STATION)
    assert owner.press(ana.user.email) == 429
    clock.wait(seconds=61)
    assert guess(STATION, ana.user.email, 3)[0] == 200, "the other one is faster"
    assert owner.press(ana.user.email) == 302


def test_a_place_is_good_once_and_for_one_account_only(ana: Member, ben: Member, clock: Clock) -> None:
    guess(STATION, ana.user.email, 9)
    guess(STATION, ben.user.email, 9)
    browser = Browser(STATION)
    browser.press(ana.user.email, "not this one, sorry")
    place = browser.place
    clock.wait(seconds=61)
    for email in (ana.user.email, ben.user.email):  # somebody takes the turn that comes with the time
        guess(STATION, email, 2)
    for email, status in ((ben.user.email, 429), (ana.user.email, 200), (ana.user.email, 429)):
        browser.place = place
        assert browser.press(email, "not this one, sorry") == status
    browser.place = f"{int(NOON.timestamp())}.{'a' * 32}.{'b' * 64}"
    assert browser.press(ana.user.email) == 429


def test_places_make_no_more_than_so_many_guesses(ana: Member, clock: Clock) -> None:
    one = counted(ana.user.email, STATION)
    set_tries(one.own, rules.KEPT_PLACES)
    Tries.objects.filter(tag=one.own).update(wait_until=NOON + timedelta(seconds=60))
    place = day_tags.new_place(one.own, NOON)
    with pytest.raises(tries.MustWait):
        tries.begin(one, place=place)


def test_known_device_gets_in_while_its_own_account_is_tried_from_its_own_network(
    ana: Member, ana_device: Browser
) -> None:
    guess(STATION, ana.user.email, 30)
    assert ana_device.press(ana.user.email) == 302


# Many networks, at one account


def test_guesses_from_many_networks_are_slowed_and_bounded_in_all(ana: Member) -> None:
    for number in range(20):
        for _ in range(5):
            tries.begin(counted(ana.user.email, f"10.0.{number}.1"))
    account = counted(ana.user.email, STATION).account
    assert Tries.objects.get(tag=account).tries >= rules.ACCOUNT.free
    assert guess("10.1.0.1", ana.user.email, 2) == [429] * 2, "a new network waits first"
    set_tries(account, rules.ALL_NETWORKS.free)
    for number in range(3):
        set_tries(counted(ana.user.email, f"10.2.{number}.1").own, 1)
    assert [guess(f"10.2.{number}.1", ana.user.email, 1) for number in range(3)] == [[200], [429], [429]]


def test_owner_elsewhere_waits_a_minute_at_most_while_many_networks_guess(ana: Member, clock: Clock) -> None:
    set_tries(counted(ana.user.email, STATION).account, rules.ALL_NETWORKS.free - 1)
    browser = Browser(STATION)
    assert browser.press(ana.user.email) == 429 and "Wait 60 seconds" in browser.says
    clock.wait(seconds=60)
    assert browser.press(ana.user.email) == 302


def test_known_device_gets_in_while_many_networks_guess(ana: Member, ana_device: Browser) -> None:
    one = counted(ana.user.email, STATION)
    Tries.objects.create(tag=one.account, tries=10_000, wait_until=NOON + timedelta(seconds=60))
    assert ana_device.press(ana.user.email) == 302


# The device itself


def test_guesses_at_a_known_device_are_counted_on_it_alone(ana: Member, ana_device: Browser, clock: Clock) -> None:
    statuses = [ana_device.press(ana.user.email, "not this one, sorry") for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    assert Tries.objects.count() == 1
    assert Browser(STATION).press(ana.user.email) == 302
    clock.wait(seconds=5)
    assert ana_device.press(ana.user.email) == 302
    assert not Tries.objects.exists()


def test_known_device_of_one_is_a_stranger_for_another_account(ben: Member, ana_device: Browser) -> None:
    assert [ana_device.press(ben.user.email, "not this one, sorry") for _ in range(6)] == [200] * 5 + [429]


# How it is said, and what is kept


def test_pressing_early_does_not_prolong_the_wait(ana: Member, clock: Clock) -> None:
    guess(STATION, ana.user.email, 6)
    for left in (4, 3, 2, 1):
        clock.wait(seconds=1)
        browser = Browser(STATION)
        assert browser.press(ana.user.email) == 429
        assert f"Wait {left} second" in browser.says and "press “Sign in” again" in browser.says
    clock.wait(seconds=1)
    assert browser.press(ana.user.email) == 302


def test_the_right_password_after_the_wait_works_without_the_hidden_field(ana: Member, clock: Clock) -> None:
    guess(STATION, ana.user.email, 9)
    clock.wait(seconds=60)
    typed = {"login": ana.user.email, "password": CAST_PASSWORD}
    assert Client().post(SIGN_IN, typed, REMOTE_ADDR=STATION).status_code == 302


def test_unknown_account_gets_the_answers_of_a_known_one(ana: Member) -> None:
    def answers(email: str, network: str) -> list[tuple[int, str]]:
        browser, said = Browser(network), []
        for _ in range(8):
            status = browser.press(email, "not this one, sorry")
            said.append((status, str(browser.answer.context["form"].errors).replace(email, "")))
        return said

    assert answers(ana.user.email, STATION) == answers("nobody@example.org", ELSEWHERE)


def test_right_password_does_not_reset_what_others_are_counted(ana: Member, ben: Member) -> None:
    """Otherwise signing in with one's own account in between would allow unlimited guesses at another's."""
    guess(STATION, ana.user.email, 4)
    browser = Browser(STATION)
    assert browser.press(ben.user.email) == 302
    assert guess(STATION, ana.user.email, 2) == [200, 429]
    assert Tries.objects.get(tag=counted("", STATION).network).tries == 5


def test_successful_sign_in_leaves_no_row_and_takes_back_what_its_owner_mistyped(ana: Member) -> None:
    browser = Browser(STATION)
    assert [browser.press(ana.user.email, "not this") for _ in range(3)] == [200] * 3
    assert browser.press(ana.user.email) == 302
    assert not Tries.objects.exists()


def test_rows_identify_nobody_and_hold_no_time_for_long(ana: Member, clock: Clock) -> None:
    guess(STATION, ana.user.email, 6)
    rows = repr(list(Tries.objects.values())) + repr(list(Session.objects.values_list()))
    assert len(Tries.objects.all()) == 3 and STATION not in rows and "ana" not in rows
    assert "peersupport.team.tasks.forget_times" in ROUNDS
    clock.wait(minutes=30)
    tasks.forget_times()
    assert set(Tries.objects.values_list("tries", "wait_until")) == {(5, None)}


def test_the_day_ends_with_its_key(ana: Member) -> None:
    guess(STATION, ana.user.email, 2)
    before, secret = counted(ana.user.email, STATION), keyring.lasting(day_tags.SECRET)
    assert "peersupport.team.tasks.end_day" in ROUNDS
    tasks.end_day()
    assert not Tries.objects.exists()
    assert secret not in keyring.known(day_tags.SECRET)
    assert not set(before.tags) & set(counted(ana.user.email, STATION).tags)


def test_tags_are_others_on_another_day_and_under_another_host_secret(clock: Clock, settings: object) -> None:
    today = day_tags.tag("a", "b")
    settings.HOST_SECRET = "another host secret, long enough for one"
    assert host_secret.current() and day_tags.tag("a", "b") != today, "the keyring alone would tell"
    settings.HOST_SECRET = "only for tests: the host secret"
    assert day_tags.tag("a", "b") == today
    clock.wait(days=1)
    assert day_tags.tag("a", "b") != today


def test_signing_in_works_without_the_keyring(ana: Member, own_keyring: object) -> None:
    (own_keyring / "lasting").rename(own_keyring / "unmounted")
    assert guess(STATION, ana.user.email, 6) == [200] * 5 + [429]
    assert Browser(ELSEWHERE).press(ana.user.email) == 302


def test_tries_at_addresses_that_nobody_has_do_not_fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "MOST_ROWS", 10)
    Tries.objects.bulk_create(Tries(tag=str(number), tries=number) for number in range(12))
    tries.forget_times(now=timezone.now())
    assert set(Tries.objects.values_list("tries", flat=True)) == set(range(3, 12))


def test_new_password_ends_the_waits_at_the_old_one(client: Client, ana: Member) -> None:
    guess(STATION, ana.user.email, 9)
    client.post("/sign-in/forgot/", {"email": ana.user.email})
    mails.send_mails()
    link = next(word for word in mail.outbox[0].body.split() if "/sign-in/forgot/" in word)
    new = {"password1": "rain on the old roof", "password2": "rain on the old roof"}
    form = link.removeprefix("http://testserver")
    client.post(form, {**new, "recovery_code": recovery_code_of(ana)}, REMOTE_ADDR=STATION)
    assert Browser(STATION).press(ana.user.email, "rain on the old roof") == 302


# Other secrets


def test_own_password_is_slowed_down_and_a_right_one_leaves_no_row(client: Client, ana: Member, clock: Clock) -> None:
    sign_in(client, ana)
    new = {"password1": "rain on the old roof", "password2": "rain on the old roof"}
    wrong = [client.post("/my-page/password/", {"oldpassword": "wrong", **new}).status_code for _ in range(6)]
    assert wrong == [200] * 5 + [429]
    clock.wait(seconds=5)
    assert client.post("/my-page/password/", {"oldpassword": CAST_PASSWORD, **new}).status_code == 302
    assert not Tries.objects.exists()


def test_nobody_makes_a_phone_ring_without_end(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    assert [client.post("/my-page/bell/test/").status_code for _ in range(6)] == [302] * 5 + [429]
