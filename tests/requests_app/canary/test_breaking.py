"""A page that fails leaves no trace, and loses nothing that was typed."""

import json
import logging
import re

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from peersupport.access.public_routes import ANONYMOUS_ROUTES, MONITORS_ROUTE
from peersupport.program import form_tokens
from requests_app.models import Request
from requests_app.views.officer_thread import NOT_CLOSED
from tests.requests_app.canary.faults import all_breaks
from tests.requests_app.canary.traces import (
    ADDRESS,
    CALM,
    CANARY,
    WORDS,
    Log,
    address_of,
    database_file,
    every_mail,
    every_table,
    found_in,
    spellings,
)
from tests.requests_app.conftest import OpenRequest

NEEDS_NOTHING = {"program:security_txt"}  # made of the settings alone


def typed_into(name: str, submitted: OpenRequest) -> dict[str, str]:
    """Fields that reach the core of each page; other pages get the canary in fields they don't have."""
    written = {
        "requests_app:new_request": {**WORDS, "token": form_tokens.fresh("request")},
        "requests_app:return": {"receipt": " ".join(submitted.receipt_words), "text": CANARY},
        "requests_app:thread": {"token": form_tokens.fresh("write"), "text": CANARY},
        "requests_app:close": {"own_words": CANARY},
    }
    return written.get(name, {"text": CANARY, "message": CANARY})


@pytest.mark.sqlite_only
@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", sorted(ANONYMOUS_ROUTES))
def test_a_page_that_fails_anywhere_reveals_nothing(
    returned: Client, contact: OpenRequest, published_year: None, log: Log, name: str, method: str
) -> None:
    address = f"{address_of(name)}?q={CANARY}&address={ADDRESS}"
    typed = typed_into(name, contact) if method == "POST" else {}
    receipt = spellings(contact.receipt_words)
    cookies_before = dict(returned.cookies)

    def visit() -> HttpResponse:
        """Send it, and roll everything back."""
        with transaction.atomic():
            answer = getattr(returned, method.lower())(address, typed)
            assert found_in(database_file(), *receipt) == []
            transaction.set_rollback(True)
        returned.cookies.clear()
        returned.cookies.update(cookies_before)
        return answer

    well = visit()
    assert well.status_code in {200, 302, 404, 405, 503}
    struck = 0
    for what, fault, answer in all_breaks(visit):
        has_broken = fault.has_struck or (what == "keyring folder" and answer.status_code != well.status_code)
        if not has_broken:
            assert answer.status_code == well.status_code, what
            continue
        struck += 1
        if answer.status_code == well.status_code or is_anticipated(name, answer):  # the page works without it
            continue
        assert answer.status_code == 500, what
        plain = what == "every template"
        assert (CALM in answer.content) and (plain or b"<h1>" in answer.content), what
        if "text" in typed or "message" in typed:
            assert (CANARY.encode() in answer.content) is (what != "request body"), f"{what} loses what was typed"
        said = without_what_was_typed(answer.content) + repr(answer.headers).encode()
        assert found_in({"answer": said}, *receipt) == [], what
        # By the cookie of the visit, Exit ends the form whose text the page gives back.
        assert set(answer.cookies) <= ({"visit"} if method == "POST" else set()), what
    if well.status_code != 405 and name not in NEEDS_NOTHING:
        assert struck > 0, f"nothing broke {name}: what does it depend on?"
        # Which page of an officer's it was would tell what somebody did.
        assert f"status=500 view={name if name == MONITORS_ROUTE else 'anonymous'}" in log.said
    assert found_in(log.kept() | every_mail() | every_table(), *receipt) == []


def without_what_was_typed(page: bytes) -> bytes:
    """The answer without the typed text that it gives back: in its own element, or below the plain sentences."""
    return re.sub(rb'<p class="note" dir="auto">.*?</p>', b"", page) if b"<h1>" in page else page.partition(b"\n\n")[0]


def is_anticipated(name: str, answer: HttpResponse) -> bool:
    """Health reports what is broken; a form that could not be submitted comes back with what was typed."""
    if answer.status_code != 503:
        return False
    if name == "operations:healthz":
        return not {"unreachable", "unreadable"}.isdisjoint(json.loads(answer.content).values())
    said = {
        "requests_app:new_request": "What you typed is still here",
        "requests_app:thread": "What you typed is still here",
        "requests_app:close": NOT_CLOSED,
        "requests_app:return": "nothing can be opened right now",
    }[name]
    assert said.encode() in answer.content and CANARY.encode() in answer.content
    return True


@pytest.mark.sqlite_only
@pytest.mark.django_db
def test_an_error_of_the_database_itself_is_not_written_down(returned: Client, log: Log) -> None:
    """Nothing is faked: a trigger quotes what it refuses."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TRIGGER refuses BEFORE DELETE ON requests_app_request "
            f"BEGIN SELECT RAISE(ABORT, '{CANARY} {ADDRESS}'); END"
        )
    answer = returned.post("/request/close/", {"text": CANARY})
    assert (answer.status_code, NOT_CLOSED.encode() in answer.content) == (503, True)
    assert "what an officer typed could not be sent IntegrityError at" in log.said
    assert Request.objects.count() == 1
    assert found_in(log.kept() | {"answer": answer.content} | database_file() | every_table()) == []


@pytest.mark.sqlite_only
def test_the_log_leaves_values_out(log: Log) -> None:
    """Also from a library's messages, and from an error that is logged instead of a sentence."""
    library = logging.getLogger("some.library")
    try:
        raise ValueError(CANARY) from KeyError(ADDRESS)
    except ValueError as error:
        library.warning("could not take %s", CANARY, exc_info=True)
        library.error(error)
        library.error({"typed": CANARY})
    said = log.said
    assert re.sub(r" at .*", "", said) == (
        "WARNING some.library could not take %s ValueError\nERROR some.library ValueError\nERROR some.library dict\n"
    )
    assert found_in({"log": said.encode()}) == []
