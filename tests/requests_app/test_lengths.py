"""The lengths of answers tell nothing of what was asked or typed. tests/access/test_padding.py has who is padded."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from peersupport.access.padding import KILOBYTE, SIZES, THREAD_SIZE
from peersupport.access.public_routes import OFFICER_ROUTES, THREAD_ROUTES
from peersupport.program import form_tokens
from peersupport.program.models import ProgramSettings
from peersupport.team.models import Member
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer
from requests_app.domain.states import RequestState
from tests.cast import take_off_call
from tests.program.html import Page
from tests.requests_app.conftest import OpenRequest, submit_request, train
from tests.requests_app.test_submission import FORM, receipt_on, token_on
from tests.requests_app.test_threads import return_by_receipt

pytestmark = pytest.mark.django_db
WRONG = {
    "urgency": "yesterday", "concern": "boredom", "contact": "9" * 201, "wanted": "999999", "not_these": ["999999"],
    "not_unit": "Moon base", "kind": "x", "gender": "x", "language": "x",
    "anyone_else": "on", "other_agency": "on", "supervisor_ok": "on",
}  # fmt: skip
ROOM = 15 * KILOBYTE  # of the 16: for longer names, more crisis lines, and the hashes in names of static files
CLOSE = "requests_app:close"  # ends the request
LEAD = re.compile(rb'<p class="lead">(.*?)</p>', re.S)


def send(officer: Client, **typed: object) -> HttpResponse:
    return officer.post("/request/", {**FORM, "token": token_on(officer.get("/request/").content), **typed})


def unpadded(page: bytes) -> int:
    return page.rindex(b"<!--")


@pytest.fixture(params=["names", "no names"])
def names(request: pytest.FixtureRequest, ana: Member, ben: Member) -> None:
    if request.param == "no names":
        ProgramSettings.objects.update_or_create(pk=1, defaults={"program_word": "Blue Bonnet"})


@pytest.mark.parametrize("is_now_offered", [True, False])
def test_the_request_form_fits_its_size_with_every_error(
    officer: Client, names: None, request: pytest.FixtureRequest, is_now_offered: bool
) -> None:
    if is_now_offered:
        request.getfixturevalue("phone_alert")
    pages = [
        officer.get("/request/").content,
        officer.post("/request/", WRONG).content,
        *(officer.post("/request/", {"understood": "on", name: value}).content for name, value in WRONG.items()),
    ]
    assert {len(page) for page in pages} == {16 * KILOBYTE}
    assert max(unpadded(page) for page in pages) < ROOM


def test_the_receipt_page_has_one_length_whatever_was_asked(officer: Client, ana: Member, ben: Member) -> None:
    train(ana, "critical_incident_stress")
    asked = [
        {},
        {"message": "x" * 20_000, "contact": "x" * 200, "concern": "grief"},
        {"wanted": str(ana.pk)},
        {"wanted": str(ana.pk), "anyone_else": "on", "urgency": "now"},
        {"concern": "suicidal_thoughts"},  # nobody is current in the training that it needs
        {"concern": "critical_incident", "not_these": [str(ana.pk)]},
        {"other_agency": "on"},
    ]
    answers = [send(officer, **typed) for typed in asked]
    for member in (ana, ben):
        take_off_call(member)
    answers += [send(officer, urgency=urgency) for urgency in ("now", "today", "when_you_can")]
    assert {len(receipt_on(answer.content)) for answer in answers} == {7}
    assert {len(answer.content) for answer in answers} == {8 * KILOBYTE}
    assert len({tuple(answer.headers.items()) for answer in answers}) == 1
    assert len({LEAD.search(answer.content)[1] for answer in answers}) > 3, "they say different things"  # type: ignore[index]


def test_right_and_wrong_words_are_answered_at_one_length(officer: Client, contact: OpenRequest) -> None:
    """A page or a redirect: status line and headers tell which, the body doesn't."""
    typed = ["", "x", "abacus " * 7, "abacus " * 8, "abacuss " * 7, " ".join(contact.receipt_words)]
    answers = [officer.post("/request/return/", {"receipt": words}) for words in typed]
    assert [answer.status_code for answer in answers] == [200] * 5 + [302]
    assert {len(answer.content) for answer in answers} == {THREAD_SIZE}


def test_a_thread_has_one_length_whether_waiting_accepted_or_written_in(
    officer: Client, ana: Member, ana_key: bytes
) -> None:
    shown: list[HttpResponse] = []

    def look(text: str) -> None:
        polled = officer.get("/request/thread/", headers={"X-Poll": "1"})
        shown.extend([polled, officer.get("/request/thread/"), officer.get("/request/change-peer/")])
        assert text in shown[-2].content.decode()

    submitted = submit_request(message="I have not slept.", contact="555-0100")
    return_by_receipt(officer, submitted)
    look("Check again")
    of_ana = {"member": ana, "request_id": submitted.unsealed.id, "private_key": ana_key}
    peer.accept(**of_ana)
    look("accepted your request")
    for number in range(1, 21):
        token, text = form_tokens.fresh("write"), f"{number}: I'm here. Call me at seven if you like."
        if number % 2:
            peer.write(**of_ana, token=token, text=text)
        else:
            officer_actions.write(creds=submitted.credentials, token=token, text=text)
        if number in {3, 10, 20}:
            look(text.replace("'", "&#x27;"))
    shown.append(officer.post("/request/close/", {"own_words": "Thank you."}))
    assert b"Take care of yourself" in shown[-1].content

    left = submit_request(excluded_members=[ana.pk])
    assert left.unsealed.routing.state == RequestState.NOBODY
    return_by_receipt(officer, left)
    look("Check again")
    officer_actions.close(creds=left.credentials)
    shown.append(officer.get("/request/thread/", headers={"X-Poll": "1"}))
    assert b"This request is closed" in shown[-1].content
    assert {len(answer.content) for answer in shown} == {THREAD_SIZE}


@pytest.mark.parametrize("headers", [{}, {"X-Poll": "1"}])
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_page_of_an_open_request_is_padded(
    officer: Client, contact: OpenRequest, method: str, headers: dict[str, str]
) -> None:
    for name in [*sorted(OFFICER_ROUTES - {CLOSE}), CLOSE]:
        assert officer.post("/request/return/", {"receipt": " ".join(contact.receipt_words)}).status_code == 302
        answer = getattr(officer, method)(reverse(name), headers=headers)
        assert len(answer.content) in ({THREAD_SIZE} if name in THREAD_ROUTES else SIZES), name
        assert answer["Content-Length"] == str(len(answer.content)), name
        page = Page(answer.content.decode())
        for form in page.all("form"):
            assert form["method"] == "post" and "enctype" not in form, "static/js/padding.js counts no other encoding"
            assert "/static/js/padding.js" in page.addresses
