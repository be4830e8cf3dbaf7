"""On a phone that stays signed in for a shift, Accept asks for the password or a passkey, beside the button."""

import re
from html import unescape

import pytest
from django.test import Client

from peersupport.team.models import Member
from requests_app.models import Request
from tests.cast import CAST_PASSWORD, sign_in
from tests.requests_app.conftest import OpenRequest, submit_request
from tests.team.passkey import Passkey

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(ana: Member) -> Client:
    """Ana's own phone, signed in for her shift."""
    client = Client()
    client.post("/sign-in/", {"login": ana.user.email, "password": CAST_PASSWORD, "shift": "on"})
    return client


@pytest.fixture
def offered(ana: Member) -> OpenRequest:
    return submit_request()


def accept(phone: Client, **typed: str) -> tuple[bool, str]:
    """Whether it was accepted, and the page that follows."""
    answer = phone.post(f"/desk/offers/{Request.objects.get().pk}/accept/", typed, follow=True)
    return "/desk/contacts/" in answer.request["PATH_INFO"], answer.content.decode()


def test_desk_has_the_password_beside_accept_and_the_password_is_enough(phone: Client, offered: OpenRequest) -> None:
    desk = phone.get("/desk/").content.decode()
    form = re.search(r'<form method="post" action="/desk/offers/[^"]+/accept/">.*?</form>', desk, re.DOTALL).group()
    assert 'name="own_password"' in form and "own_passkey" not in form
    assert accept(phone, own_password=CAST_PASSWORD)[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "You didn&#x27;t accept it yet. Type your password"),
        ({"own_password": ""}, "You didn&#x27;t accept it yet. Type your password"),
        ({"own_password": "not this one, sorry"}, "This isn&#x27;t your password, so you didn&#x27;t accept it yet."),
        ({"own_passkey": "{}"}, "The passkey wasn&#x27;t read, so you didn&#x27;t accept it yet."),
    ],
)
def test_who_finds_the_phone_cannot_accept(
    phone: Client, offered: OpenRequest, ana: Member, typed: dict[str, str], said: str
) -> None:
    is_accepted, page = accept(phone, **typed)
    assert not is_accepted and said in page
    assert "Accept" in page and offered.unsealed.routing.offered_recipient(ana.pk), "it still waits for her"


def test_a_confirmation_a_moment_ago_is_not_enough(phone: Client, offered: OpenRequest) -> None:
    assert phone.cookies["confirmed"].value
    assert not accept(phone)[0]


def test_guessing_is_counted(phone: Client, offered: OpenRequest) -> None:
    for _ in range(5):
        accept(phone, own_password="not this one, sorry")
    is_accepted, page = accept(phone, own_password=CAST_PASSWORD)
    assert not is_accepted and "There were too many tries" in page


def test_passkey_is_enough(ana: Member, phone: Client, offered: OpenRequest) -> None:
    passkey = Passkey().enroll(ana.user)
    desk = phone.get("/desk/").content.decode()
    assert "Accept with your passkey" in desk and "js/passkey.js" in desk
    options = unescape(re.search(r'data-own-passkey="([^"]*)"', desk).group(1))
    assert accept(phone, own_password="", own_passkey=passkey.answer(options))[0]


def test_passkey_that_was_only_held_is_not_enough(ana: Member, phone: Client, offered: OpenRequest) -> None:
    passkey = Passkey(knows_person=False).enroll(ana.user)
    options = unescape(re.search(r'data-own-passkey="([^"]*)"', phone.get("/desk/").content.decode()).group(1))
    assert not accept(phone, own_passkey=passkey.answer(options))[0]


def test_cookies_of_a_shift_without_its_row_accept_nothing(phone: Client, offered: OpenRequest) -> None:
    """Whoever copies the cookies can't make an ordinary session of it, which asks nothing."""
    phone.cookies["seen"] = "29000000:AAAA"
    assert not accept(phone)[0]


def test_every_offer_asks_with_ids_of_its_own(phone: Client, ana: Member) -> None:
    submit_request()
    submit_request()
    desk = phone.get("/desk/").content.decode()
    ids = re.findall(r'id="([^"]+own_password)"', desk)
    assert len(ids) == len(set(ids)) == 2


def test_only_accept_asks(phone: Client, offered: OpenRequest, ana: Member) -> None:
    answer = phone.post(f"/desk/offers/{Request.objects.get().pk}/decline/", follow=True)
    assert "Declined." in answer.content.decode()


def test_elsewhere_accept_asks_nothing(ana: Member, offered: OpenRequest) -> None:
    client = sign_in(Client(), ana)
    del client.cookies["confirmed"]
    assert "own_password" not in client.get("/desk/").content.decode()
    assert accept(client)[0]


def test_accept_in_the_list_leads_to_this_offer_on_the_desk_where_the_field_is(phone: Client, ana: Member) -> None:
    for _ in range(12):
        submit_request()
    listed = phone.get("/desk/offers/").content.decode()
    links = re.findall(r'href="(/desk/\?offer=([0-9a-f-]+))"', listed)
    assert len(links) == 12 and "/accept/" not in listed
    for link, request_id in links:
        desk = phone.get(link).content.decode()
        form = re.search(r'<form method="post" action="/desk/offers/([^"]+)/accept/">.*?</form>', desk, re.DOTALL)
        assert form[1] == request_id and 'name="own_password"' in form[0], "the first on the desk"
    answer = phone.post(f"/desk/offers/{links[-1][1]}/accept/", {"own_password": "not this one, sorry"})
    assert answer["Location"] == links[-1][0], "and it is there again after a wrong password"
    assert phone.get("/desk/?offer=x").status_code == 200
