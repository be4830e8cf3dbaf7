"""The silent proof of work: asked only while the brake is on, good for one form and one request, and never shown."""

import json
import re
from datetime import timedelta
from html import unescape

import altcha
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from peersupport.program import form_tokens
from peersupport.sealing import keyring
from peersupport.team.models import Member
from requests_app import proof
from requests_app.actions import submission
from requests_app.domain.card import Card, Words
from requests_app.domain.states import RequestState, Urgency
from requests_app.models import SubmittedForm
from requests_app.queries import unsealing
from tests.requests_app.conftest import submit_request
from tests.requests_app.test_submission import FORM, receipt_on, token_on

pytestmark = pytest.mark.django_db
PURPOSE = submission.TOKEN_PURPOSE


def solved(challenge: str) -> str:
    made = altcha.Challenge.from_dict(json.loads(challenge))
    solution = altcha.solve_challenge(made)
    assert solution is not None
    return altcha.Payload(made, solution).to_base64()


def submit(token: str, proof_of_work: str = "", message: str = "") -> submission.Submitted:
    typed = submission.Submission(Card(urgency=Urgency.NOW), Words(message))
    return submission.submit(token=token, submission=typed, proof=proof_of_work)


@pytest.fixture
def braked(ana: Member, settings) -> None:
    settings.BRAKE_AT = 1
    submit_request()


@pytest.fixture
def token() -> str:
    return form_tokens.fresh(PURPOSE)


@pytest.fixture
def proved(token: str) -> str:
    """An easy one: what the server signs, the server takes."""
    return solved(proof.challenge(token, PURPOSE, cost=1))


def test_on_any_other_day_the_form_asks_for_no_proof_and_loads_no_script(officer: Client, ana: Member) -> None:
    page = officer.get("/request/").content.decode()
    assert "proof.js" not in page and "data-challenge" not in page


def test_while_the_brake_is_on_the_form_brings_a_challenge_without_a_word_and_keeps_its_length(
    officer: Client, braked: None
) -> None:
    before = officer.get("/request/")
    submit_request()
    page = officer.get("/request/")
    text = page.content.decode()
    assert "js/proof.js" in text and "vendor/altcha/pbkdf2.js" in text
    assert len(page.content) == len(before.content) == 16 * 1024 and not page.cookies
    challenge = json.loads(unescape(re.search(r'data-challenge="([^"]+)"', text)[1]))
    assert challenge["parameters"]["algorithm"] == "PBKDF2/SHA-256"
    assert "captcha" not in text.lower() and "robot" not in text.lower()


def test_a_request_with_a_proof_is_offered_before_those_without(braked: None, token: str, proved: str) -> None:
    without = submit(form_tokens.fresh(PURPOSE))
    assert (without.is_offered, without.is_in_line) == (False, True)
    with_proof = submit(token, proved)
    assert (with_proof.is_offered, with_proof.is_in_line) == (True, False)


def test_a_proof_counts_once_whatever_else_is_typed_into_the_same_form(braked: None, token: str, proved: str) -> None:
    assert submit(token, proved, "one").is_offered
    assert submit(token, proved, "another").is_in_line
    assert submit(token, proved, "one").is_offered, "the same press twice is the same request"


def test_a_proof_that_was_spent_leaves_only_a_mark_like_the_others(braked: None, token: str, proved: str) -> None:
    before = SubmittedForm.objects.count()
    submit(token, proved)
    marks = [bytes(row.mark) for row in SubmittedForm.objects.all()]
    assert len(marks) == before + 3 and {len(mark) for mark in marks} == {32}


def test_rows_do_not_tell_which_request_had_a_proof(braked: None, token: str, proved: str) -> None:
    """PostgreSQL shows which rows were written in one transaction, and so how many each request has."""
    SubmittedForm.objects.all().delete()
    submit(token, proved)
    with_proof = SubmittedForm.objects.count()
    submit(form_tokens.fresh(PURPOSE))
    assert SubmittedForm.objects.count() == 2 * with_proof


def test_a_proof_for_another_form_does_not_count(braked: None, proved: str) -> None:
    assert submit(form_tokens.fresh(PURPOSE), proved).is_in_line


def test_a_proof_ends_with_its_form(token: str, proved: str) -> None:
    assert proof.is_solved(proved, token, PURPOSE)
    with time_machine.travel(timezone.now() + timedelta(hours=12, minutes=1)), pytest.raises(form_tokens.StaleForm):
        proof.is_solved(proved, token, PURPOSE)


@pytest.mark.parametrize(
    "change",
    [
        {"algorithm": "SHA-256"},
        {"algorithm": "sha-256 or whatever"},
        {"cost": 0},
        {"keyPrefix": ""},
        {"data": {"form": "another"}},
        {"expiresAt": None},
    ],
)
def test_a_challenge_that_was_changed_or_made_elsewhere_does_not_count(token: str, change: dict[str, object]) -> None:
    made = json.loads(proof.challenge(token, PURPOSE, cost=1))
    made["parameters"] |= change
    solution = {"counter": 0, "derivedKey": "00" * 32}
    payload = altcha.Payload.from_dict({"challenge": made, "solution": solution})
    if change != {"expiresAt": None}:
        assert not proof._is_ours(payload.challenge.parameters, form_tokens.hash_of(token, PURPOSE)) or "cost" in change
    assert not proof.is_solved(payload.to_base64(), token, PURPOSE)


def test_an_unknown_algorithm_signed_with_our_own_secret_does_not_count(token: str) -> None:
    """The library would take it for SHA-256, which costs next to nothing."""
    made = altcha.create_challenge(
        "NO SUCH THING",
        1,
        key_prefix=proof.PREFIX,
        data={"form": form_tokens.hash_of(token, PURPOSE)},
        hmac_secret=proof._secrets()[0],
    )
    payload = altcha.Payload(made, altcha.solve_challenge(made)).to_base64()
    assert altcha.verify_solution(payload, proof._secrets()[0]).verified, "the library does"
    assert not proof.is_solved(payload, token, PURPOSE)


def test_what_is_no_proof_is_no_error_of_the_form(officer: Client, braked: None) -> None:
    for junk in ("\0", "x\0y", " ", "A" * 5000):
        sent = {**FORM, "token": token_on(officer.get("/request/").content), "proof": junk}
        assert len(receipt_on(officer.post("/request/", sent).content)) == 7, junk
    assert [r.routing.state for r in unsealing.open_requests()].count(RequestState.IN_LINE) == 4


@pytest.mark.parametrize("typed", ["", "x", "e30=", "bnVsbA==", "W10=", "A" * 5000, "\ud800", '{"challenge": 1}'])
def test_anything_else_is_no_proof(token: str, typed: str) -> None:
    assert not proof.is_solved(typed, token, PURPOSE)


def test_a_proof_outlives_the_renewal_of_the_forms_secret(token: str, proved: str) -> None:
    keyring.renew_lasting("forms")
    assert proof.is_solved(proved, token, PURPOSE)


def test_a_form_shown_again_asks_for_the_proof_of_its_own_token(officer: Client, braked: None, token: str) -> None:
    submit_request()
    page = officer.post("/request/", {"token": token, "urgency": "now"}).content.decode()
    challenge = json.loads(unescape(re.search(r'data-challenge="([^"]+)"', page)[1]))
    assert challenge["parameters"]["data"] == {"form": form_tokens.hash_of(token, PURPOSE)}


def test_without_a_proof_a_request_of_a_flood_is_still_stored(braked: None) -> None:
    submit_request()
    assert [r.routing.state for r in unsealing.open_requests()].count(RequestState.IN_LINE) == 1
