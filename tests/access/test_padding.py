"""Every answer on the officer's side has one of a few lengths, whatever it says and whoever makes it."""

import zlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from peersupport.access.padding import KILOBYTE, SIZES, padded_length
from peersupport.access.public_routes import ANONYMOUS_ROUTES, OFFICER_ROUTES, THREAD_ROUTES
from peersupport.program import form_tokens
from peersupport.team.models import Member
from tests.requests_app.canary.faults import Fault, every_template, page_template

pytestmark = pytest.mark.django_db
FORM = {"urgency": "today", "understood": "on"}


@pytest.fixture
def officer() -> Client:
    return Client(raise_request_exception=False)


def check(answer: HttpResponse, status: int, size: int) -> None:
    assert answer.status_code == status
    assert len(answer.content) == size * KILOBYTE
    assert answer["Content-Length"] == str(len(answer.content))
    assert answer.content.endswith(b"-->")


@pytest.mark.parametrize(
    ("length", "padded"),
    [(0, 8), (8 * 1024, 8), (8 * 1024 + 1, 16), (64 * 1024 + 1, 128), (128 * 1024 + 1, 256), (300 * 1024, 384)],
)
def test_the_next_size_or_a_multiple_of_the_largest(length: int, padded: int) -> None:
    assert padded_length(length) == padded * KILOBYTE


def test_every_anonymous_page_about_a_request_is_an_officers() -> None:
    assert {name for name in ANONYMOUS_ROUTES if name.startswith("requests_app:")} == OFFICER_ROUTES


@pytest.mark.parametrize("method", ["get", "post", "delete", "options"])
@pytest.mark.parametrize("name", sorted(OFFICER_ROUTES))
def test_every_officer_page_is_padded(officer: Client, name: str, method: str) -> None:
    answer = getattr(officer, method)(reverse(name))
    is_request_form = name == "requests_app:new_request" and method in {"get", "post"}
    check(answer, answer.status_code, 32 if name in THREAD_ROUTES else 16 if is_request_form else 8)


@pytest.mark.parametrize("name", sorted(OFFICER_ROUTES))
def test_an_answer_to_head_is_empty_and_says_a_padded_length(officer: Client, db: None, name: str) -> None:
    answer = officer.head(reverse(name))
    assert answer.content == b"" and int(answer["Content-Length"]) in SIZES


@pytest.mark.parametrize("address", ["/request/nothing/", "/request", "/exit", "/request/thread/%00/"])
def test_an_address_that_does_not_exist_is_padded(officer: Client, db: None, address: str) -> None:
    check(officer.get(address), 301 if address in {"/request", "/exit"} else 404, 8)


def test_refusals_are_padded(officer: Client, settings: Any) -> None:
    check(officer.post("/request/", FORM, headers={"Origin": "https://elsewhere.example"}), 403, 8)
    check(officer.get("/request/", headers={"Host": "elsewhere.example"}), 400, 8)
    check(officer.post("/request/", {"file": SimpleUploadedFile("a.pdf", b"x")}), 400, 8)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    too_much = officer.post("/request/", "x" * 11, content_type="application/x-www-form-urlencoded")
    check(too_much, too_much.status_code, 8)
    assert too_much.status_code in {400, 413}
    settings.SECURE_SSL_REDIRECT = True
    check(Client().get("/request/thread/"), 301, 32)


@pytest.mark.parametrize("broken", [page_template, every_template])
def test_error_pages_are_padded_and_give_back_no_padding(officer: Client, broken: Any) -> None:
    with broken(Fault(ValueError)):
        answer = officer.post("/request/", {"urgency": "now", "message": "<kept> words", "padding": "filler"})
    check(answer, 500, 8)
    assert b"&lt;kept&gt; words" in answer.content and b"filler" not in answer.content


def test_a_failed_submission_is_padded(officer: Client, ana: Member, own_keyring: Path) -> None:
    token = form_tokens.fresh("request")
    (own_keyring / "shred").rename(own_keyring / "unmounted")
    check(officer.post("/request/", {**FORM, "token": token}), 503, 16)


def test_a_long_text_that_comes_back_takes_the_next_sizes(officer: Client, db: None) -> None:
    check(officer.post("/request/", {"message": "é" * 20_000}), 200, 64)
    check(officer.post("/request/", {"message": "é" * 60_000}), 200, 256)


def test_what_is_padded_with_cannot_be_compressed_away(officer: Client, db: None) -> None:
    first, second = officer.get("/exit/").content, officer.get("/exit/").content
    assert first != second
    assert len(zlib.compress(first, 9)) > len(first) * 0.7


def test_other_pages_and_static_files_are_as_they_are(client: Client, db: None) -> None:
    assert b"<!--" not in client.get("/about/").content
    file = b"".join(client.get("/static/css/app.css"))
    assert file == (Path(django_settings.BASE_DIR) / "static/css/app.css").read_bytes()
