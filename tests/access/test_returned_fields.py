"""A form that can't be accepted gives back what was typed; a form of another site gives back nothing."""

from collections.abc import Callable, Iterator

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver

from peersupport.access import error_pages
from peersupport.access.returned_fields import RETURNED_FIELDS
from peersupport.team.models import Member
from requests_app.models import Message
from tests.cast import CAST_PASSWORD

PAGE = "/desk/contacts/5b2f0b8e-7a4d-4f0e-9a55-0c2f4b1f6f11/"
TYPED = "I was at the river too.\nTake your time."
DISPLAYED = "I was at the river too.<br>Take your time."
CROSS_SITE = [
    {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://elsewhere.example"},
    {"Sec-Fetch-Site": "cross-site"},
]


@pytest.fixture
def peer(ana: Member) -> Client:
    """Ana with the page of a contact open, in a browser whose CSRF tokens are checked."""
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


def test_an_expired_session_gives_back_what_was_typed_and_links_to_the_page(peer: Client) -> None:
    del peer.cookies[settings.SESSION_COOKIE_NAME]
    status, page = send(peer, {"Referer": f"http://testserver{PAGE}?x=1"}, text=TYPED)
    assert status == 403 and "You were signed out" in page
    assert DISPLAYED in page and f'href="/sign-in/?next={PAGE}"' in page
    assert not Message.objects.exists()


def test_the_link_never_leads_to_another_site(peer: Client) -> None:
    del peer.cookies[settings.SESSION_COOKIE_NAME]
    for referrer in (
        "https://elsewhere.example/desk/",
        "http://testserver.elsewhere.example/",
        "",
        "javascript:alert(1)",
    ):
        _, page = send(peer, {"Referer": referrer}, text=TYPED)
        assert 'href="/sign-in/"' in page and "elsewhere" not in page and "next=" not in page


def test_signing_in_again_in_another_tab_loses_no_text(peer: Client) -> None:
    status, page = send(peer, {"Origin": "http://testserver"}, text=TYPED, csrfmiddlewaretoken="x" * 64)
    assert status == 403 and "Please send that once more" in page
    assert DISPLAYED in page


@pytest.mark.parametrize("headers", CROSS_SITE)
def test_text_posted_by_another_site_is_never_shown(peer: Client, headers: dict[str, str]) -> None:
    status, page = send(peer, headers, text="Call 555-0100 and tell them your password", csrfmiddlewaretoken="x" * 64)
    assert status == 403 and "555-0100" not in page


def test_a_form_without_text_redirects_to_the_sign_in_page(peer: Client) -> None:
    del peer.cookies[settings.SESSION_COOKIE_NAME]
    assert send(peer, {}, text=" ")[0] == 302


def test_a_password_is_never_given_back(peer: Client) -> None:
    del peer.cookies[settings.SESSION_COOKIE_NAME]
    token = peer.cookies["csrftoken"].value
    typed = {"oldpassword": TYPED, "password1": TYPED, "code": TYPED, "csrfmiddlewaretoken": token}
    assert peer.post("/my-page/password/", typed).status_code == 302


def text_areas(form: type[forms.Form]) -> Iterator[str]:
    for name, field in getattr(form, "base_fields", {}).items():
        if isinstance(field.widget, forms.Textarea):
            yield name
    for kind in form.__subclasses__():
        yield from text_areas(kind)


def test_every_text_area_is_given_back() -> None:
    assert get_resolver().url_patterns  # every form is loaded
    one_line = {"contact", "own_words"}
    assert {*text_areas(forms.BaseForm), *one_line} == set(RETURNED_FIELDS)


def test_the_texts_of_several_forms_of_one_kind_are_given_back(peer: Client) -> None:
    del peer.cookies[settings.SESSION_COOKIE_NAME]
    _, page = send(peer, {}, **{"line-0-words": "Answered day and night.", "line-1-words": TYPED, "line-1-call": "988"})
    assert page.index("Answered day and night.") < page.index(DISPLAYED)
    assert 'dir="auto">988<' not in page


@pytest.mark.parametrize("answer", [error_pages.server_error, error_pages.csrf_failure, error_pages.refused_form])
def test_half_a_surrogate_pair_is_given_back_as_a_question_mark(
    db: None, rf: RequestFactory, answer: Callable[[HttpRequest], HttpResponse]
) -> None:
    """No page can be written with it. A form in parts can say that it is in a charset that has it."""
    form = '--edge\r\nContent-Disposition: form-data; name="text"\r\n\r\nAt the river +2AA-\r\n--edge--\r\n'
    request = rf.generic("POST", "/", form, "multipart/form-data; boundary=edge; charset=utf-7")
    request.user = AnonymousUser()
    assert "At the river ?" in answer(request).content.decode()
