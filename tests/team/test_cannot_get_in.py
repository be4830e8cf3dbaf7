"""A member who is locked out at night says so, and the next peer is asked. Nobody else learns or changes anything."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.program.models import ProgramSettings
from peersupport.team import known_devices
from peersupport.team.actions import availability, cannot_get_in, mails
from peersupport.team.models import Member, Pause, QueuedMail, User
from peersupport.team.queries import availability as availability_queries
from peersupport.team.queries import eligibility
from tests.cast import CAST_PASSWORD, make_user, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/sign-in/cannot-get-in/"


def say_so(email: str, browser: Client | None = None) -> str:
    answer = (browser or Client()).post(PAGE, {"email": email}, follow=True)
    assert answer.redirect_chain == [(f"{PAGE}sent/", 302)]
    return re.sub('value="\\w{64}"', "", answer.content.decode())


def links(mailoutbox: list) -> list[str]:
    mails.send_mails()
    return [link for mail in mailoutbox for link in re.findall(r"http://testserver(/sign-in/\S+/)", mail.body)]


def link_of(member: Member) -> str:
    return "{}{uidb36}/{key}/".format(PAGE, **cannot_get_in.link_parts(member.user))


@pytest.mark.parametrize("contact", ["555-0142", ""])
def test_page_says_how_to_reach_the_coordinator_where_it_is_set(client: Client, db: None, contact: str) -> None:
    ProgramSettings.objects.update_or_create(
        pk=1, defaults={"coordinator_name": "Sgt. Reyes", "coordinator_contact": contact}
    )
    page = client.get(PAGE).content.decode()
    assert ("Sgt. Reyes," in page and 'href="tel:5550142"' in page) == bool(contact)


def test_member_says_so_by_a_mailed_link_and_a_button(
    client: Client, ana: Member, ben: Member, mailoutbox: list
) -> None:
    assert PAGE in client.get("/sign-in/").content.decode()
    say_so("Ana@Example.org")
    (link,) = links(mailoutbox)
    assert mailoutbox[0].to == ["ana@example.org"] and mailoutbox[0].subject == "About your account"
    for _ in range(2):  # a scanner opens it, too
        assert "I'm unavailable" in client.get(link).content.decode()
    assert eligibility.can_serve(ana) and not Pause.objects.exists()
    assert "No new requests come to you" in client.post(link, follow=True).content.decode()
    assert not eligibility.can_serve(ana) and eligibility.can_serve(ben)
    assert ana.pk not in availability_queries.on_call_at(timezone.now())
    assert list(Entry.objects.values_list("action", "by", "about")) == [("pause_begun", None, f"member:{ana.pk}")]
    assert client.post(link).status_code == client.get(link).status_code == 404, "it works once"

    with time_machine.travel(timezone.now() + timedelta(days=40), tick=False):
        assert not eligibility.can_serve(ana), "until they come back by themselves"
        sign_in(client, ana)
        assert "You were made unavailable" in client.get("/my-page/").content.decode()
        client.post("/my-page/pause/end/")
        assert eligibility.can_serve(ana) and "I&#x27;m back" not in client.get("/my-page/").content.decode()
    assert client.get(link).status_code == 404


def test_own_device_is_enough(ana: Member, ben: Member, mailoutbox: list) -> None:
    signed_in, device = HttpResponse(), Client()
    known_devices.remember(RequestFactory().get("/"), signed_in, ana.user)
    device.cookies = signed_in.cookies
    answer = say_so(ben.user.email, device)
    assert eligibility.can_serve(ana) and eligibility.can_serve(ben), "it is Ana's device, and Ben's address"
    assert say_so(ana.user.email, device) == answer
    assert not eligibility.can_serve(ana) and eligibility.can_serve(ben)
    mails.send_mails()
    assert [mail.to for mail in mailoutbox] == [["ben@example.org"]]


@pytest.mark.parametrize("who", ["unknown", "coordinator", "deactivated", "former"])
def test_answer_never_tells_who_is_a_member(
    coordinator: User, ana: Member, ben: Member, mailoutbox: list, who: str
) -> None:
    if who == "deactivated":
        User.objects.filter(pk=ben.user_id).update(is_active=False)
    if who == "former":
        User.objects.filter(pk=ben.user_id).update(is_member=False)
    email = {"unknown": "nobody@example.org", "coordinator": coordinator.email}.get(who, ben.user.email)
    with_session = Client()
    assert say_so(email, with_session) == say_so(ana.user.email)
    assert not with_session.session.keys(), "nothing is noted of whoever asked"
    mails.send_mails()
    assert [mail.to for mail in mailoutbox] == [["ana@example.org"]]


def work_for(email: str, network: int) -> list[str]:
    """The statements of one press from a network of its own, without what stands in them."""
    with CaptureQueriesContext(connection) as queries:
        say_so(email, Client(REMOTE_ADDR=f"192.0.2.{network}"))
    return [re.sub(r"'[^']*'|X'\w+'|\b\d+\b|s\d+_x\d+", "?", query["sql"]) for query in queries]


@pytest.mark.usefixtures("reads_anew")
def test_every_address_costs_the_same_work(coordinator: User, ana: Member, ben: Member) -> None:
    """The first time, and again within 15 minutes. Otherwise the time would tell who is here, and who is a member."""
    inactive = make_user("Ida Inactive", Role.DESIGNEE)
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    availability.pause(member_id=ben.pk, back_on=timezone.localdate() + timedelta(days=2), by=ben.user)
    people = [ana.user.email, ben.user.email, coordinator.email, "nobody@example.org", inactive.email]
    first, again = ([work_for(email, turn + number) for number, email in enumerate(people)] for turn in (10, 20))
    assert first == [first[0]] * 5 and again == [again[0]] * 5
    assert len([each for each in first[0] if "INSERT" in each and "queuedmail" in each]) == 1
    assert {mail.email for mail in QueuedMail.objects.all()} == {ana.user.email, ben.user.email}


def test_who_tries_many_addresses_waits_and_others_elsewhere_do_not(client: Client, ana: Member) -> None:
    with time_machine.travel("2026-06-01T15:00:00Z", tick=False) as clock:
        for number in range(5):
            say_so(f"person{number}@example.org")
        page = client.post(PAGE, {"email": ana.user.email})
        assert page.status_code == 429 and "Wait 5 seconds, then press" in page.content.decode()
        assert ana.user.email in page.content.decode() and not QueuedMail.objects.exists()
        assert Client(REMOTE_ADDR="192.0.2.7").post(PAGE, {"email": ana.user.email}).status_code == 302
        place = page.context["form"]["place"].value()
        clock.shift(6)
        say_so("faster@example.org")
        assert client.post(PAGE, {"email": ana.user.email, "place": place}).status_code == 302, "it was their turn"
        assert client.post(PAGE, {"email": ana.user.email, "place": place}).status_code == 429, "good once"


def test_known_device_waits_for_nobody(ana: Member) -> None:
    for number in range(6):
        Client().post(PAGE, {"email": f"person{number}@example.org"})
    signed_in, device = HttpResponse(), Client()
    known_devices.remember(RequestFactory().get("/"), signed_in, ana.user)
    device.cookies = signed_in.cookies
    say_so(ana.user.email, device)
    assert not eligibility.can_serve(ana)


def test_one_mail_in_15_minutes_and_the_answer_stays_the_same(ana: Member, mailoutbox: list) -> None:
    with time_machine.travel("2026-06-01T15:00:00Z", tick=False) as clock:
        answers = {say_so(ana.user.email) for _ in range(5)}
        assert len(answers) == 1 and len(links(mailoutbox)) == 1
        clock.shift(timedelta(minutes=16))
        say_so(ana.user.email)
        assert len(links(mailoutbox)) == 2
        assert {Client().get(link).status_code for link in links(mailoutbox)} == {200}, "the first one is alive, too"


@pytest.mark.parametrize(("typed", "said"), [("", "Please fill this in."), ("ana at home", "valid email address")])
def test_bad_address_gets_a_clear_sentence(client: Client, typed: str, said: str) -> None:
    answer = client.post(PAGE, {"email": typed}).content.decode()
    assert said in answer and typed in answer and not QueuedMail.objects.exists()


def test_link_dies_after_a_day_with_a_new_password_and_with_the_account(ana: Member, ben: Member) -> None:
    link, bens = link_of(ana), link_of(ben)
    with time_machine.travel(timezone.now() + timedelta(hours=48), tick=False):
        assert Client().get(link).status_code == 404
    assert Client().post(link.replace(link.split("/")[3], bens.split("/")[3])).status_code == 404
    ana.user.set_password("rain on the old roof")
    ana.user.save()
    assert Client().post(link).status_code == 404
    User.objects.filter(pk=ben.user_id).update(is_active=False)
    assert Client().post(bens).status_code == 404
    assert not Pause.objects.exists()


@pytest.mark.parametrize("parts", ["1/made-up", "zzzzzzzzzzzzzzzzz/a-b", "-/x", "1/%00", "1/🙂"])
def test_unknown_link_shows_a_clear_page(parts: str) -> None:
    for answer in (Client().get(f"{PAGE}{parts}/"), Client().post(f"{PAGE}{parts}/")):
        assert answer.status_code == 404


def test_link_is_no_link_to_a_new_password(ana: Member) -> None:
    parts = cannot_get_in.link_parts(ana.user)
    said = Client().get(f"/sign-in/forgot/{parts['uidb36']}/{parts['key']}/", follow=True).content.decode()
    assert "This link no longer works" in said


def test_wrong_passwords_make_nobody_unavailable(client: Client, ana: Member) -> None:
    """Otherwise a stranger with a list of addresses could silence the team."""
    for _ in range(12):
        client.post("/sign-in/", {"login": ana.user.email, "password": "not this one, sorry"})
    assert eligibility.can_serve(ana) and not Pause.objects.exists()


def test_pause_of_ones_own_goes_on_until_the_member_is_back(ana: Member) -> None:
    today = timezone.localdate()
    availability.pause(member_id=ana.pk, back_on=today + timedelta(days=1), by=ana.user)
    for _ in range(2):
        availability.make_unavailable(member_id=ana.pk, by=None)
    assert list(Pause.objects.order_by("pk").values_list("back_on", flat=True)) == [today + timedelta(days=1), None]
    assert Entry.objects.filter(action="pause_begun").count() == 2
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        assert not eligibility.can_serve(ana)


def test_what_is_left_shows_no_more_than_a_pause(ana: Member) -> None:
    availability.make_unavailable(member_id=ana.pk, by=None)
    availability.end_pause(member_id=ana.pk, by=ana.user)
    pause = Pause.objects.get()
    assert pause.ended_at is not None and pause.back_on is not None


def test_session_that_is_still_open_elsewhere_goes_on(client: Client, ana: Member) -> None:
    sign_in(client, ana)
    Client().post(link_of(ana))
    assert client.get("/desk/").status_code == 200
    assert Client().post("/sign-in/", {"login": ana.user.email, "password": CAST_PASSWORD}).status_code == 302
