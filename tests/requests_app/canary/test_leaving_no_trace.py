"""An officer's whole way, from the form to closing, leaves no trace."""

import re
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from peersupport.access.public_routes import ANONYMOUS_ROUTES
from peersupport.notices.actions import outbox
from peersupport.notices.models import Notice
from peersupport.team.models import Member
from requests_app import officer_session
from requests_app.actions import peer
from requests_app.models import Request
from tests.cast import sign_in
from tests.requests_app.canary.traces import (
    CANARY,
    WORDS,
    Log,
    address_of,
    database_file,
    every_file,
    every_mail,
    every_table,
    found_in,
    spellings,
)
from tests.requests_app.test_submission import receipt_on, token_on


@pytest.mark.django_db(transaction=True)
def test_an_officer_leaves_no_trace(
    officer: Client, ana: Member, ana_key: bytes, log: Log, broker: Path, own_keyring: Path
) -> None:
    for name in sorted(ANONYMOUS_ROUTES - {"requests_app:new_request"}):
        officer.get(f"{address_of(name)}?q={CANARY}")
    page = officer.get("/request/")
    words = tuple(receipt_on(officer.post("/request/", {**WORDS, "token": token_on(page.content)}).content))
    assert len(words) == 7

    def everything() -> dict[str, bytes]:
        files = {f"broker/{name}": data for name, data in every_file(broker).items()} | every_file(own_keyring)
        return log.kept() | every_mail() | files | every_table() | database_file()

    assert len(list(broker.glob("*.msg"))) == Notice.objects.count() == 1, "there must be something that could leak"
    assert found_in(everything(), *spellings(words)) == []

    peer.accept(member=ana, request_id=Request.objects.get().pk, private_key=ana_key)
    officer.post("/request/return/", {"receipt": ", ".join(words), "text": f"{CANARY} again"})
    page = officer.get("/request/thread/").content
    assert officer.post("/request/thread/", {"token": token_on(page), "text": CANARY}).status_code == 302
    assert CANARY.encode() in officer.get("/request/thread/").content
    outbox.send(urgent=True, now=timezone.now())
    assert found_in(everything(), *spellings(words)) == []

    assert b"Closed and erased" in officer.post("/request/close/", {"q": CANARY, "own_words": CANARY}).content
    outbox.send(urgent=False, now=timezone.now())
    assert len(mail.outbox) == 2
    assert found_in(everything(), *spellings(words)) == []
    assert log.said == "ERROR django.request status=503 view=operations:healthz\n", "only health logged something"


@pytest.mark.django_db
def test_a_signed_in_member_who_asks_for_help_is_anonymous(ana: Member) -> None:
    """Their cookies are sent and change nothing: the same pages, no session read or written."""
    member, nobody = sign_in(Client(), ana), Client()
    session_before = dict(member.session.items())
    cookies_before = {name: morsel.value for name, morsel in member.cookies.items()}
    assert {"sessionid", "peerkey"} <= set(cookies_before)
    form = {**WORDS, "token": token_on(nobody.get("/request/").content)}
    with CaptureQueriesContext(connection) as made:
        for send in (
            lambda browser: browser.get("/request/"),
            lambda browser: browser.post("/request/", {**form, "urgency": ""}),
            lambda browser: browser.post("/request/", form),
            lambda browser: browser.post("/request/return/", {"receipt": "abacus " * 7}),
            lambda browser: browser.get("/request/thread/"),
        ):
            answers = [send(browser) for browser in (member, nobody)]
            assert without_tokens(answers[0]) == without_tokens(answers[1])
            assert "Cookie" not in answers[0].get("Vary", "")
            set_by_posts = [{name: len(morsel.value) for name, morsel in answer.cookies.items()} for answer in answers]
            assert set_by_posts[0] == set_by_posts[1], "the officer's own cookie, alike for both"
            assert set(set_by_posts[0]) <= {officer_session.cookie_name()}
            assert answers[0].wsgi_request.method == "POST" or not set_by_posts[0]
    read = " ".join(query["sql"] for query in made)
    assert "django_session" not in read and "last_login" not in read.replace('"team_user"."last_login"', "")
    assert {name: morsel.value for name, morsel in member.cookies.items() if name != "visit"} == cookies_before
    assert dict(member.session.items()) == session_before


def without_tokens(answer: HttpResponse) -> tuple[object, ...]:
    page = re.sub(rb'name="token" value="[^"]+"|<!--.*-->$', b"", answer.content)
    return answer.status_code, sorted(answer.headers.items()), page
