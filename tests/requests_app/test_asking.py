"""Sending: what is asked of whom, once, and what a row tells."""

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from peersupport.notices.models import Notice
from peersupport.program import form_tokens
from peersupport.sealing import envelope, keyring
from peersupport.sealing.receipt import Credentials, credentials
from peersupport.team.actions.membership import take_leave
from peersupport.team.models import Member, User
from requests_app import vault
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer, submission, sweep
from requests_app.domain import routing
from requests_app.domain.states import State, Urgency
from requests_app.models import Request, SubmittedForm
from requests_app.queries import officers, unsealing
from requests_app.vault import TEXT_LIMIT
from tests.cast import make_member, take_off_call
from tests.requests_app.conftest import ask, train

pytestmark = pytest.mark.django_db

FORM = {"urgency": "today", "understood": "on"}


def token_on(page: bytes) -> str:
    found = re.search(rb'name="token" value="([^"]+)"', page)
    assert found
    return found[1].decode()


def receipt_on(page: bytes) -> list[str]:
    found = re.search(rb'id="receipt"[^>]*>(.*?)</p>', page, re.S)
    assert found, page.decode()
    return re.sub(r"<[^>]+>", " ", found[1].decode()).split()


def post(officer: Client, **typed: object) -> bytes:
    page = officer.get("/request/").content
    return officer.post("/request/", {**FORM, "token": token_on(page), **typed}).content


def test_asking_answers_with_seven_words_and_nothing_else_in_receipt(officer: Client, ana: Member) -> None:
    answer = officer.post("/request/", {**FORM, "token": token_on(officer.get("/request/").content)})
    assert answer.status_code == 200
    assert len(receipt_on(answer.content)) == 7
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer


def test_now_that_was_offered_a_moment_ago_goes_out_all_the_same(officer: Client, ana: Member) -> None:
    """Refused, a second press after a lost answer would show no receipt."""
    receipt_on(post(officer, urgency="now"))
    assert next(unsealing.open_requests()).routing.urgency == Urgency.NOW


def test_please_somebody_is_enough(officer: Client, ana: Member) -> None:
    receipt_on(post(officer))
    assert routing.asked(next(unsealing.open_requests()).routing) == [ana.pk]


def test_nothing_in_the_row_but_ids_tag_and_sealed_bytes_of_one_size(ana: Member) -> None:
    ask(message="short", concern="grief")
    ask(message="long " * 3000, contact="x" * 200, urgency=Urgency.NOW)
    rows = list(Request.objects.values_list("routing", "card", "words"))
    assert len({tuple(len(part) for part in row) for row in rows}) == 1
    assert {field.name for field in Request._meta.get_fields() if field.concrete} == {
        "id", "key_id", "tag", "routing", "card", "words",
    }  # fmt: skip


def test_today_asks_one_and_tells_them_that_something_waits(ana: Member, ben: Member) -> None:
    asked = ask(Urgency.TODAY)
    assert len(routing.asked(asked.opened.routing)) == 1
    notice = Notice.objects.get()
    assert notice.recipient_id in {ana.user_id, ben.user_id}
    assert notice.is_urgent


def test_now_asks_everyone_on_call_at_once(ana: Member, ben: Member) -> None:
    asked = ask(Urgency.NOW)
    assert set(routing.asked(asked.opened.routing)) == {ana.pk, ben.pk}
    assert Notice.objects.filter(is_urgent=True).count() == 2


def test_now_asks_those_on_call_before_the_others(ana: Member, ben: Member) -> None:
    take_off_call(ben)
    assert routing.asked(ask(Urgency.NOW).opened.routing) == [ana.pk]


def test_nobody_free_is_said_with_numbers_and_the_coordinator_is_told(officer: Client, coordinator: User) -> None:
    page = post(officer).decode()
    assert "That is about schedules, not about you." in page
    assert 'href="tel:988"' in page
    assert next(unsealing.open_requests()).routing.state == State.NOBODY
    assert Notice.objects.get().recipient == coordinator


def test_suicidal_thoughts_go_only_to_who_is_trained_for_them(ana: Member, ben: Member) -> None:
    train(ben, "suicide_intervention")
    asked = ask(concern="suicidal_thoughts")
    assert [place.member_id for place in asked.opened.routing.places] == [ben.pk]


def test_whom_the_officer_names_is_asked_first(officer: Client, ana: Member, ben: Member) -> None:
    for member in (ana, ben):
        receipt_on(post(officer, wanted=str(member.pk), message=f"for {member.pk}"))
    assert [routing.asked(request.routing) for request in unsealing.open_requests()] in (
        [[ana.pk], [ben.pk]],
        [[ben.pk], [ana.pk]],
    )


def test_wanted_and_not_wanted_at_once_is_pointed_out(officer: Client, ana: Member) -> None:
    assert b"You chose the same person" in post(officer, wanted=str(ana.pk), not_these=[str(ana.pk)])
    assert Request.objects.count() == 0


def test_what_the_officer_would_rather_have_stands_on_the_card(officer: Client, ana: Member, ben: Member) -> None:
    def card(**chosen: object) -> dict[str, object]:
        return card_of(_credentials(receipt_on(post(officer, **chosen))))

    assert card()["anyone_else"] is True
    assert card(wanted=str(ana.pk))["anyone_else"] is False, "only this one, where the box is left empty"
    assert card(wanted=str(ana.pk), anyone_else="on")["anyone_else"] is True
    assert card(kind="sworn")["kind"] == "sworn"
    assert {"language", "kind", "gender"} <= set(card())


def test_a_boundary_is_kept(ana: Member, ben: Member) -> None:
    peer.set_sharing(member_id=ana.pk, not_now=["grief"], experiences=[])
    assert [place.member_id for place in ask(concern="grief").opened.routing.places] == [ben.pk]
    assert len(ask(concern="work").opened.routing.places) == 2


def test_the_coordinator_counts_as_a_supervisor(ana: Member, coordinator: User) -> None:
    ana.user.is_coordinator = True
    ana.user.save()
    assert ask().opened.routing.places == ()
    assert len(ask(supervisor_ok=True).opened.routing.places) == 1


def test_nobody_on_leave_is_asked(ana: Member, coordinator: User) -> None:
    take_leave(member_id=ana.pk, first=timezone.localdate(), last=None, by=coordinator)
    assert ask().opened.routing.places == ()


def test_the_same_press_twice_is_one_request_with_the_same_receipt(officer: Client, ana: Member) -> None:
    token = token_on(officer.get("/request/").content)
    first = officer.post("/request/", {**FORM, "token": token, "message": "hello"}).content
    second = officer.post("/request/", {**FORM, "token": token, "message": "hello"}).content
    assert receipt_on(first) == receipt_on(second)
    assert Request.objects.count() == 1


def test_the_same_press_after_an_hour_shows_no_receipt(officer: Client, ana: Member) -> None:
    token = token_on(officer.get("/request/").content)
    officer.post("/request/", {**FORM, "token": token})
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        page = officer.post("/request/", {**FORM, "token": token})
    assert page.status_code == 200
    assert b'id="receipt"' not in page.content
    assert b"Nothing was sent twice" in page.content
    assert Request.objects.count() == 1


def test_a_send_that_fails_keeps_every_word_and_goes_out_once_after_all(
    officer: Client, ana: Member, own_keyring: Path
) -> None:
    typed = {**FORM, "token": token_on(officer.get("/request/").content), "message": "kept words"}
    (own_keyring / "shred").rename(own_keyring / "unmounted")
    page = officer.post("/request/", typed)
    assert page.status_code == 503
    assert b"What you typed is all here" in page.content and b"kept words" in page.content
    assert token_on(page.content) == typed["token"], "the same form, so that it counts as the same press"
    assert Request.objects.count() == 0
    (own_keyring / "unmounted").rename(own_keyring / "shred")
    receipt_on(officer.post("/request/", typed).content)
    assert Request.objects.count() == 1


def test_back_and_send_with_another_text_is_another_request(officer: Client, ana: Member) -> None:
    token = token_on(officer.get("/request/").content)
    first = officer.post("/request/", {**FORM, "token": token, "message": "one"}).content
    second = officer.post("/request/", {**FORM, "token": token, "message": "two"}).content
    assert receipt_on(first) != receipt_on(second)
    assert Request.objects.count() == 2


def test_a_replay_after_closing_makes_nothing(ana: Member) -> None:
    token, typed = form_tokens.fresh("ask"), submission.Typed(urgency=Urgency.TODAY, message="hello")
    sent = submission.send(token=token, typed=typed)
    officer_actions.close_as_officer(creds=_credentials(sent.words))
    with pytest.raises(submission.AlreadySent):
        submission.send(token=token, typed=typed)
    assert Request.objects.count() == 0


def test_spent_marks_are_dropped_when_the_form_could_not_be_sent_any_more(ana: Member) -> None:
    ask()
    sweep.tend_all(now=timezone.now() + timedelta(hours=12))
    assert SubmittedForm.objects.count() == 1
    sweep.tend_all(now=timezone.now() + timedelta(hours=24))
    assert SubmittedForm.objects.count() == 0


def test_a_stale_form_keeps_every_word_and_can_be_sent_at_once(officer: Client, ana: Member) -> None:
    token = token_on(officer.get("/request/").content)
    typed = {**FORM, "token": token, "message": "kept words", "contact": "kept number", "not_these": [str(ana.pk)]}
    with time_machine.travel(timezone.now() + timedelta(hours=12, minutes=1)):
        page = officer.post("/request/", typed).content
        assert b"open for a long time" in page and b"kept words" in page and b"kept number" in page
        assert re.search(rb'value="%d"[^>]*checked' % ana.pk, page)
        again = officer.post("/request/", {**typed, "token": token_on(page)}).content
    receipt_on(again)
    assert Request.objects.count() == 1


@pytest.mark.parametrize("token", ["", "forged", "Zm9v:1abc:sig", "a" * 5000, "é:é:é"])
def test_a_forged_token_sends_nothing_and_keeps_the_words(officer: Client, ana: Member, token: str) -> None:
    page = officer.post("/request/", {**FORM, "token": token, "message": "kept words"})
    assert page.status_code == 200
    assert b"kept words" in page.content and b'id="receipt"' not in page.content
    assert Request.objects.count() == 0


def test_a_token_of_another_form_is_not_taken(officer: Client, ana: Member) -> None:
    officer.post("/request/", {**FORM, "token": form_tokens.fresh("write")})
    assert Request.objects.count() == 0


def test_20_000_characters_are_accepted_and_come_back_whole(officer: Client, ana: Member) -> None:
    text = "🫂" * TEXT_LIMIT
    words = receipt_on(post(officer, message=text))
    own = officers.own_request(_credentials(words))
    assert own is not None and own.words["message"] == text


def test_beyond_20_000_characters_is_refused_with_the_text_kept(officer: Client, ana: Member) -> None:
    text = "x" * (TEXT_LIMIT + 1)
    page = post(officer, message=text)
    assert b"20,001 characters" in page and text.encode() in page
    assert Request.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b\x07c", "abc"),
        ("line\r\nline", "line\nline"),
        ("‮right to left‬ שלום", "‮right to left‬ שלום"),
        ("👩🏽‍🚒 <script>alert(1)</script> {{ 7*7 }}", "👩🏽‍🚒 <script>alert(1)</script> {{ 7*7 }}"),
        ("tab\there", "tab\there"),
    ],
)
def test_strange_characters_arrive_or_are_left_out_and_nothing_breaks(
    officer: Client, ana: Member, typed: str, kept: str
) -> None:
    words = receipt_on(post(officer, message=typed))
    own = officers.own_request(_credentials(words))
    assert own is not None and own.words["message"] == kept
    officer.post("/request/return/", {"receipt": " ".join(words)})
    page = officer.get("/request/thread/").content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("urgency", "yesterday", "Choose how soon"),
        ("urgency", "", "Choose how soon"),
        ("concern", "boredom", "Choose one of these"),
        ("wanted", "999999", "no longer on the team"),
        ("not_these", "999999", "no longer on the team"),
        ("not_these", "x", "no longer on the team"),
        ("not_unit", "Moon base", "Choose one of these units"),
        ("understood", "", "Please read"),
        ("contact", "9" * 201, "201 characters"),
    ],
)
def test_what_is_not_on_a_list_is_refused_in_a_sentence(
    officer: Client, ana: Member, field: str, value: str, sentence: str
) -> None:
    page = post(officer, message="kept words", **{field: value})
    assert sentence.encode() in page and b"kept words" in page
    assert Request.objects.count() == 0


def test_a_form_from_elsewhere_is_refused(officer: Client, ana: Member) -> None:
    typed = {**FORM, "token": form_tokens.fresh("ask")}
    for headers in ({"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert officer.post("/request/", typed, headers=headers).status_code == 403
    assert Request.objects.count() == 0
    assert officer.post("/request/", typed, headers={"Origin": "http://testserver"}).status_code == 200


def test_a_key_made_for_a_second_press_does_not_stay(ana: Member) -> None:
    token, typed = form_tokens.fresh("ask"), submission.Typed(urgency=Urgency.TODAY)
    submission.send(token=token, typed=typed)
    before = set(keyring.shred_ids())
    submission.send(token=token, typed=typed)
    assert set(keyring.shred_ids()) == before


def test_the_number_of_queries_does_not_grow_with_the_team(officer: Client, ana: Member, coordinator: User) -> None:
    with CaptureQueriesContext(connection) as few:
        ask(Urgency.TODAY)
    for number in range(10):
        make_member(f"M{number} Member", confirmed_by=coordinator)
    with CaptureQueriesContext(connection) as many:
        ask(Urgency.TODAY)
    assert len(many) <= len(few) + 1


def card_of(creds: Credentials) -> dict[str, object]:
    request = officers.request_with(creds)
    assert request is not None
    private_key = envelope.private_key_from(creds.seed)
    content_key = vault.take_key(private_key, request.routing.officer_envelope, request.id, "content")
    return vault.open_card(content_key, request.shred_key, request.id, bytes(request.row.card))


def _credentials(words: Sequence[str]) -> Credentials:
    return credentials(keyring.lasting("credentials"), words)
