"""A refused request leaves no trace."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from peersupport.access.public_routes import ANONYMOUS_ROUTES
from peersupport.access.uploads import UPLOAD_LIMITS
from tests.requests_app.canary.traces import (
    ADDRESS,
    CANARY,
    WORDS,
    Log,
    address_of,
    database_file,
    every_mail,
    every_table,
    found_in,
)


def too_much(client: Client, settings: Any) -> HttpResponse:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    return client.post("/request/", {**WORDS, "message": CANARY * 1000})


def too_many_fields(client: Client, settings: Any) -> HttpResponse:
    form = f"{CANARY}={CANARY}&" + "a=b&" * settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    return client.post("/request/", form, content_type="application/x-www-form-urlencoded")


def raw(path: str, body: str, content_type: str) -> Callable[[Client, Any], HttpResponse]:
    return lambda client, settings: client.generic("POST", path, body, content_type=content_type)


def with_headers(path: str, method: str = "POST", **headers: str) -> Callable[[Client, Any], HttpResponse]:
    return lambda client, settings: client.generic(method, path, CANARY, **headers)


REFUSED: dict[str, tuple[Callable[[Client, Any], HttpResponse], int]] = {
    "too much": (too_much, 413),
    "too many fields": (too_many_fields, 400),
    "no boundary": (raw("/request/", CANARY, f"multipart/form-data; {CANARY}"), 400),
    "cut short": (raw("/request/return/", f"--x\r\n{CANARY}", "multipart/form-data; boundary=x"), 200),
    "bad charset": (raw("/request/", CANARY, "application/x-www-form-urlencoded; charset=latin-1"), 400),
    "wrong host": (with_headers("/request/", HTTP_HOST=f"{CANARY}.elsewhere.example"), 400),
    "no host at all": (with_headers("/", "GET", HTTP_HOST=f"[{CANARY}"), 400),
    "from elsewhere": (with_headers("/request/", HTTP_SEC_FETCH_SITE="", HTTP_ORIGIN=f"https://{CANARY}.example"), 403),
    "from nowhere": (with_headers("/request/close/", HTTP_SEC_FETCH_SITE="", HTTP_ORIGIN=f"http://[{CANARY}"), 403),
    "cross-site": (with_headers("/request/return/", HTTP_SEC_FETCH_SITE=CANARY), 403),
    "not there": (with_headers(f"/{CANARY}/{ADDRESS}", "GET"), 404),
    "strange bytes": (with_headers(f"/%00%ff{CANARY}", "GET"), 404),
    "not here": (with_headers(f"/request/{CANARY}/?q={ADDRESS}"), 404),
    "no such method": (with_headers("/request/", "DELETE"), 405),
    "only read": (with_headers(f"/about/?q={CANARY}"), 405),
    "a method of its own": (with_headers("/", CANARY.upper()), 405),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_request_is_not_written_down(officer: Client, settings: Any, log: Log, case: str) -> None:
    send, status = REFUSED[case]
    answer = send(officer, settings)
    assert answer.status_code == status
    assert log.said == ""
    assert not answer.cookies
    assert found_in({"answer": answer.content + repr(answer.headers).encode()}) == []
    assert found_in(every_mail() | every_table() | database_file()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ANONYMOUS_ROUTES - UPLOAD_LIMITS.keys()))
def test_an_unexpected_upload_is_written_nowhere(
    returned: Client, published_year: None, spool: Path, log: Log, name: str
) -> None:
    """A page that reads the posted data refuses it; any other page doesn't read it."""
    file = SimpleUploadedFile(f"{CANARY}.pdf", CANARY.encode() * 300_000)  # more than Django keeps in memory
    answer = returned.post(address_of(name), {**WORDS, "file": file})
    reads_what_is_posted = name.startswith("requests_app:") and name != "requests_app:exit"
    assert answer.status_code in ({413} if reads_what_is_posted else {404, 405, 413})
    assert log.said == ""
    assert found_in({"answer": answer.content + repr(answer.headers).encode()}) == []
    assert found_in(every_mail() | every_table() | database_file()) == []
