"""What the request form shows before anybody types: promise, limits, numbers, and whether "now" is offered."""

import re

import pytest
from django.test import Client

from peersupport.team.models import Member
from tests.requests_app.conftest import train
from tests.requests_app.test_submission import post, receipt_on, token_on

pytestmark = pytest.mark.django_db

TOKEN = re.compile(rb'name="token" value="[^"]*"')
FILLER = re.compile(rb"<!--.*-->$")
SPANS = re.compile(rb"(?:<span>[a-z]+</span> ?){7}")
PROMISE_AND_LIMITS = (
    "What stays between you and your peer.",
    "plan or the means",
    "a court orders it",
    "A phone or a network that someone else controls",
    "station's Wi-Fi",
    "breaks into the server while it runs",
    "A peer who breaks their word",
)


def test_now_is_offered_where_somebody_on_call_has_a_phone_alert(officer: Client, phone_alert: None) -> None:
    assert 'value="now"' in officer.get("/request/").content.decode()
    page = post(officer, urgency="now")
    receipt_on(page)
    assert b"Peers are being asked right now." in page


def test_the_form_asks_for_no_names_and_no_case_details(officer: Client) -> None:
    """The program holds no criminal justice information (docs/for-counsel.md), so it asks for none."""
    assert "Please leave out names and case details" in officer.get("/request/").content.decode()


@pytest.mark.parametrize("concern", ["", "grief", "suicidal_thoughts"])
def test_answer_tells_by_no_byte_what_it_is_about(officer: Client, ana: Member, concern: str) -> None:
    """Whoever sees only the size of the answer must not see more where somebody has thoughts of suicide."""
    train(ana, "suicide_intervention")

    def without_words(page: bytes) -> bytes:
        words = " ".join(receipt_on(page)).encode()
        page = TOKEN.sub(b"", FILLER.sub(b"", page))
        return page.replace(words, b"").replace(SPANS.search(page)[0], b"")  # type: ignore[index]

    assert without_words(post(officer, concern=concern)) == without_words(post(officer, concern="finances"))


def test_without_phone_alerts_the_numbers_come_first_and_now_is_not_offered(officer: Client, ana: Member) -> None:
    page = officer.get("/request/").content.decode()
    assert 'value="now"' not in page and 'value="today" id="id_urgency_0" checked required' in page
    said = page.index("Nobody on the team can be alerted right now")
    places = [
        page.index(part) for part in ("Call 1-800-267-5463", "What stays between you and your peer.", 'name="urgency"')
    ]
    assert [said, *places] == sorted([said, *places])


@pytest.mark.parametrize("who_is_there", ["nobody", "phone_alert"])
def test_promise_limits_and_crisis_card_come_before_the_first_field(
    officer: Client, request: pytest.FixtureRequest, who_is_there: str
) -> None:
    """Both where "now" is offered and where it isn't."""
    if who_is_there == "phone_alert":
        request.getfixturevalue(who_is_there)
    page = officer.get("/request/").content.decode()
    assert ('value="now"' in page) is (who_is_there == "phone_alert")
    above, _, form = page.partition('name="urgency"')
    assert [said for said in PROMISE_AND_LIMITS if said not in above] == []
    assert above.count('id="crisis-card"') == 1 and 'href="tel:988"' in above.partition('id="crisis-card"')[2]
    assert 'id="crisis-card"' not in form


def test_the_folded_part_is_open_where_it_holds_a_choice(officer: Client, ana: Member, ben: Member) -> None:
    """After an error elsewhere it would look as if the choice was lost."""
    fold = '<details class="fold" open'
    token = token_on(officer.get("/request/").content)
    for chosen, is_open in (({}, False), ({"supervisor_ok": "on"}, True), ({"not_these": [ben.pk]}, True)):
        page = officer.post("/request/", {"urgency": "today", "anyone_else": "on", "token": token, **chosen})
        assert (fold in page.content.decode()) is is_open, chosen
