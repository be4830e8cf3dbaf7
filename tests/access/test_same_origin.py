"""Whoever serves and is signed out while they type gets back what they typed, and nobody gets a word put into it."""

from collections.abc import Iterator

import pytest
from django import forms
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from peersupport.access.same_origin import RETURNED_FIELDS
from peersupport.team.models import Member
from requests_app.models import Message
from tests.cast import CAST_PASSWORD

PAGE = "/desk/contacts/5b2f0b8e-7a4d-4f0e-9a55-0c2f4b1f6f11/"
WORDS = "I was at the river too.\nTake your time."
SHOWN = "I was at the river too.<br>Take your time."
FROM_ELSEWHERE = [
    {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://elsewhere.example"},
    {"Sec-Fetch-Site": "cross-site"},
]


@pytest.fixture
def peer(ana: Member) -> Client:
    """Ana with the page of a contact open, in a browser that is asked for its CSRF token."""
    browser = Client(enforce_csrf_checks=True)
    browser.get("/sign-in/")
    token = browser.cookies["csrftoken"].value
    typed = {"login": ana.user.email, "password": CAST_PASSWORD, "csrfmiddlewaretoken": token}
    assert browser.post("/sign-in/", typed).status_code == 302
    return browser


def send(peer: Client, headers: dict[str, str], **typed: str) -> tuple[int, str]:
    token = peer.cookies["csrftoken"].value
    answer = peer.post(PAGE, {"csrfmiddlewaretoken": token, **typed}, headers=headers)
    return answer.status_code, answer.content.decode()


def test_a_session_that_ended_gives_back_what_was_typed_and_leads_back(peer: Client) -> None:
    del peer.cookies[settings.SESSION_COOKIE_NAME]
    status, page = send(peer, {"Referer": f"http://testserver{PAGE}?x=1"}, text=WORDS)
    assert status == 403 and "You were signed out" in page
    assert SHOWN in page and f'href="/sign-in/?next={PAGE}"' in page
    assert not Message.objects.exists()


def test_nobody_is_led_to_another_site(peer: Client) -> None:
    del peer.cookies[settings.SESSION_COOKIE_NAME]
    for before in (
        "https://elsewhere.example/desk/",
        "http://testserver.elsewhere.example/",
        "",
        "javascript:alert(1)",
    ):
        _, page = send(peer, {"Referer": before}, text=WORDS)
        assert 'href="/sign-in/"' in page and "elsewhere" not in page and "next=" not in page


def test_signing_in_anew_in_another_tab_loses_nothing(peer: Client) -> None:
    status, page = send(peer, {"Origin": "http://testserver"}, text=WORDS, csrfmiddlewaretoken="x" * 64)
    assert status == 403 and "Please send that once more" in page
    assert SHOWN in page


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
def test_what_another_site_posts_is_shown_to_nobody(peer: Client, headers: dict[str, str]) -> None:
    status, page = send(peer, headers, text="Call 555-0100 and tell them your password", csrfmiddlewaretoken="x" * 64)
    assert status == 403 and "555-0100" not in page


def test_a_press_without_words_leads_to_signing_in(peer: Client) -> None:
    del peer.cookies[settings.SESSION_COOKIE_NAME]
    assert send(peer, {}, text=" ")[0] == 302


def test_a_password_is_never_given_back(peer: Client) -> None:
    del peer.cookies[settings.SESSION_COOKIE_NAME]
    token = peer.cookies["csrftoken"].value
    typed = {"oldpassword": WORDS, "password1": WORDS, "code": WORDS, "csrfmiddlewaretoken": token}
    assert peer.post("/my-page/password/", typed).status_code == 302


def with_room(form: type[forms.Form]) -> Iterator[str]:
    for name, field in getattr(form, "base_fields", {}).items():
        if isinstance(field.widget, forms.Textarea):
            yield name
    for kind in form.__subclasses__():
        yield from with_room(kind)


def test_every_field_with_room_for_several_lines_is_given_back() -> None:
    assert get_resolver().url_patterns  # every form is loaded
    one_line = {"contact", "own_words"}
    assert {*with_room(forms.BaseForm), *one_line} == set(RETURNED_FIELDS)


def test_each_of_several_forms_of_one_kind_is_given_back(peer: Client) -> None:
    del peer.cookies[settings.SESSION_COOKIE_NAME]
    _, page = send(peer, {}, **{"line-0-words": "Answered day and night.", "line-1-words": WORDS, "line-1-call": "988"})
    assert page.index("Answered day and night.") < page.index(SHOWN)
    assert 'dir="auto">988<' not in page
