"""Submitting: to whom a request is offered, once, and what its row gives away."""

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
from peersupport.sealing import keyring
from peersupport.sealing.receipt import Credentials, credentials
from peersupport.team.actions.membership import take_leave
from peersupport.team.models import Member, User
from requests_app.actions import officer as officer_actions
from requests_app.actions import submission, sweep
from requests_app.domain.card import Card, Words
from requests_app.domain.states import RequestState, Urgency
from requests_app.models import Request, SubmittedForm
from requests_app.queries import officers, unsealing
from requests_app.vault import TEXT_LIMIT
from tests.cast import make_member, take_off_call
from tests.requests_app.conftest import submit_request, train

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


def test_submission_answers_with_a_seven_word_receipt_and_the_cookie_of_the_visit(officer: Client, ana: Member) -> None:
    answer = officer.post("/request/", {**FORM, "token": token_on(officer.get("/request/").content)})
    assert answer.status_code == 200
    assert len(receipt_on(answer.content)) == 7
    assert set(answer.cookies) == {"visit"}, "by which Exit knows what to end"
    cookie = answer.cookies["visit"]
    assert (cookie["max-age"], cookie["expires"], cookie["samesite"], cookie["httponly"]) == ("", "", "Strict", True)
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer


def test_now_is_accepted_after_it_stopped_being_offered(officer: Client, ana: Member) -> None:
    """If it were refused, a second press after a lost response would show no receipt."""
    receipt_on(post(officer, urgency="now"))
    assert next(unsealing.open_requests()).routing.urgency == Urgency.NOW


def test_urgency_alone_is_enough(officer: Client, ana: Member) -> None:
    receipt_on(post(officer))
    assert next(unsealing.open_requests()).routing.offered_to == [ana.pk]


def test_row_holds_only_ids_a_tag_and_sealed_bytes_of_one_size(ana: Member) -> None:
    submit_request(message="short", concern="grief")
    submit_request(message="long " * 3000, contact="x" * 200, urgency=Urgency.NOW)
    rows = list(Request.objects.values_list("routing", "card", "words"))
    assert len({tuple(len(part) for part in row) for row in rows}) == 1
    assert {field.name for field in Request._meta.get_fields() if field.concrete} == {
        "id", "key_id", "tag", "stamp", "routing", "card", "words",
    }  # fmt: skip


def test_today_is_offered_to_one_peer_who_is_notified(ana: Member, ben: Member) -> None:
    submitted = submit_request(Urgency.TODAY)
    assert len(submitted.unsealed.routing.offered_to) == 1
    notice = Notice.objects.get()
    assert notice.recipient_id in {ana.user_id, ben.user_id}
    assert notice.is_urgent


def test_now_is_offered_to_everyone_on_call_at_once(ana: Member, ben: Member) -> None:
    submitted = submit_request(Urgency.NOW)
    assert set(submitted.unsealed.routing.offered_to) == {ana.pk, ben.pk}
    assert Notice.objects.filter(is_urgent=True).count() == 2


def test_now_is_offered_to_those_on_call_first(ana: Member, ben: Member) -> None:
    take_off_call(ben)
    assert submit_request(Urgency.NOW).unsealed.routing.offered_to == [ana.pk]


def test_nobody_free_shows_crisis_numbers_and_notifies_the_coordinator(officer: Client, coordinator: User) -> None:
    page = post(officer).decode()
    assert "That is about schedules, not about you." in page
    assert 'href="tel:988"' in page
    assert next(unsealing.open_requests()).routing.state == RequestState.NOBODY
    assert Notice.objects.get().recipient == coordinator


def test_suicidal_thoughts_go_only_to_trained_peers(ana: Member, ben: Member) -> None:
    train(ben, "suicide_intervention")
    submitted = submit_request(concern="suicidal_thoughts")
    assert [recipient.member_id for recipient in submitted.unsealed.routing.recipients] == [ben.pk]


def test_wanted_peer_comes_first(officer: Client, ana: Member, ben: Member) -> None:
    for member in (ana, ben):
        receipt_on(post(officer, wanted=str(member.pk), message=f"for {member.pk}"))
    assert [request.routing.offered_to for request in unsealing.open_requests()] in (
        [[ana.pk], [ben.pk]],
        [[ben.pk], [ana.pk]],
    )


def test_same_peer_wanted_and_excluded_is_an_error(officer: Client, ana: Member) -> None:
    assert b"You also chose this person below" in post(officer, wanted=str(ana.pk), not_these=[str(ana.pk)])
    assert Request.objects.count() == 0


def test_preferences_are_on_the_card(officer: Client, ana: Member, ben: Member) -> None:
    def card(**chosen: object) -> Card:
        return card_of(_credentials(receipt_on(post(officer, **chosen))))

    assert card() == Card(urgency=Urgency.TODAY)
    assert card(wanted=str(ana.pk)).anyone_else is False, "only this one, where the box is not checked"
    assert card(wanted=str(ana.pk), anyone_else="on").anyone_else is True
    assert card(kind="sworn").kind == "sworn"


def test_coordinator_counts_as_a_supervisor(ana: Member, coordinator: User) -> None:
    ana.user.is_coordinator = True
    ana.user.save()
    assert submit_request().unsealed.routing.recipients == ()
    assert len(submit_request(supervisor_ok=True).unsealed.routing.recipients) == 1


def test_members_on_leave_get_no_offer(ana: Member, coordinator: User) -> None:
    take_leave(member_id=ana.pk, first=timezone.localdate(), last=None, by=coordinator)
    assert submit_request().unsealed.routing.recipients == ()


def test_double_press_makes_one_request_with_one_receipt(officer: Client, ana: Member) -> None:
    token = token_on(officer.get("/request/").content)
    first = officer.post("/request/", {**FORM, "token": token, "message": "hello"}).content
    second = officer.post("/request/", {**FORM, "token": token, "message": "hello"}).content
    assert receipt_on(first) == receipt_on(second)
    assert Request.objects.count() == 1


def test_double_press_after_an_hour_shows_no_receipt(officer: Client, ana: Member) -> None:
    token = token_on(officer.get("/request/").content)
    officer.post("/request/", {**FORM, "token": token})
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        page = officer.post("/request/", {**FORM, "token": token})
    assert page.status_code == 200
    assert b'id="receipt"' not in page.content
    assert b"Nothing was sent twice" in page.content
    assert Request.objects.count() == 1


def test_failed_submission_keeps_the_text_and_succeeds_once_on_retry(
    officer: Client, ana: Member, own_keyring: Path
) -> None:
    typed = {**FORM, "token": token_on(officer.get("/request/").content), "message": "kept words"}
    (own_keyring / "shred").rename(own_keyring / "unmounted")
    page = officer.post("/request/", typed)
    assert page.status_code == 503
    assert b"What you typed is still here" in page.content and b"kept words" in page.content
    assert token_on(page.content) == typed["token"], "the same token, so that it counts as the same press"
    assert Request.objects.count() == 0
    (own_keyring / "unmounted").rename(own_keyring / "shred")
    receipt_on(officer.post("/request/", typed).content)
    assert Request.objects.count() == 1


def test_without_its_lasting_secrets_the_form_gives_the_numbers_and_what_was_typed(
    officer: Client, ana: Member, own_keyring: Path
) -> None:
    token = token_on(officer.get("/request/").content)
    (own_keyring / "lasting").rename(own_keyring / "unmounted")
    shown = officer.get("/request/")
    sent = officer.post("/request/", {**FORM, "token": token, "message": "typed at night"})
    assert shown.status_code == sent.status_code == 503
    assert b"typed at night" in sent.content and b"no request can be sent right now" in sent.content
    assert b"tel:988" in shown.content and not Request.objects.exists()
    (own_keyring / "unmounted").rename(own_keyring / "lasting")
    assert b'id="receipt"' in officer.post("/request/", {**FORM, "token": token}).content


def test_same_form_with_another_text_is_another_request(officer: Client, ana: Member) -> None:
    token = token_on(officer.get("/request/").content)
    first = officer.post("/request/", {**FORM, "token": token, "message": "one"}).content
    second = officer.post("/request/", {**FORM, "token": token, "message": "two"}).content
    assert receipt_on(first) != receipt_on(second)
    assert Request.objects.count() == 2


def test_replay_after_closing_makes_no_request(ana: Member) -> None:
    token, typed = form_tokens.fresh("request"), submission.Submission(Card(urgency=Urgency.TODAY), Words("hello"))
    sent = submission.submit(token=token, submission=typed)
    officer_actions.close(creds=_credentials(sent.receipt_words))
    with pytest.raises(submission.AlreadySubmitted):
        submission.submit(token=token, submission=typed)
    assert Request.objects.count() == 0


def test_submitted_form_marks_are_deleted_once_the_token_has_expired(ana: Member) -> None:
    submit_request()
    sweep.run(now=timezone.now() + timedelta(hours=12))
    assert SubmittedForm.objects.count() == 3, "of the form, of the moment, and where a proof's would be"
    sweep.run(now=timezone.now() + timedelta(hours=24))
    assert SubmittedForm.objects.count() == 0


def test_stale_form_keeps_the_text_and_can_be_submitted_again(officer: Client, ana: Member) -> None:
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
def test_forged_token_submits_nothing_and_keeps_the_text(officer: Client, ana: Member, token: str) -> None:
    page = officer.post("/request/", {**FORM, "token": token, "message": "kept words"})
    assert page.status_code == 200
    assert b"kept words" in page.content and b'id="receipt"' not in page.content
    assert Request.objects.count() == 0


def test_token_of_another_form_is_refused(officer: Client, ana: Member) -> None:
    officer.post("/request/", {**FORM, "token": form_tokens.fresh("write")})
    assert Request.objects.count() == 0


def test_message_of_20_000_characters_comes_back_whole(officer: Client, ana: Member) -> None:
    text = "🫂" * TEXT_LIMIT
    words = receipt_on(post(officer, message=text))
    own = officers.own_request(_credentials(words))
    assert own is not None and own.words.message == text


def test_message_over_20_000_characters_is_refused_with_the_text_kept(officer: Client, ana: Member) -> None:
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
def test_unusual_characters_are_kept_or_removed_without_breaking_the_page(
    officer: Client, ana: Member, typed: str, kept: str
) -> None:
    words = receipt_on(post(officer, message=typed))
    own = officers.own_request(_credentials(words))
    assert own is not None and own.words.message == kept
    officer.post("/request/return/", {"receipt": " ".join(words)})
    page = officer.get("/request/thread/").content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("urgency", "yesterday", "Choose how soon"),
        ("urgency", "", "Choose how soon"),
        ("concern", "boredom", "Choose one of these"),
        ("wanted", "999999", "be asked for by name right now"),
        ("not_these", range(501), "up to 500 people by name"),
        ("not_unit", "x" * 81, "81 characters"),
        ("understood", "", "Please read"),
        ("contact", "9" * 201, "201 characters"),
    ],
)
def test_invalid_choice_is_refused_with_a_sentence(
    officer: Client, ana: Member, field: str, value: object, sentence: str
) -> None:
    page = post(officer, message="kept words", **{field: value})
    assert sentence.encode() in page and b"kept words" in page
    assert Request.objects.count() == 0


def test_cross_site_form_is_refused(officer: Client, ana: Member) -> None:
    typed = {**FORM, "token": form_tokens.fresh("request")}
    for headers in ({"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert officer.post("/request/", typed, headers=headers).status_code == 403
    assert Request.objects.count() == 0
    assert officer.post("/request/", typed, headers={"Origin": "http://testserver"}).status_code == 200


def test_key_made_for_a_double_press_is_destroyed(ana: Member) -> None:
    token, typed = form_tokens.fresh("request"), submission.Submission(Card(urgency=Urgency.TODAY))
    submission.submit(token=token, submission=typed)
    before = set(keyring.shred_ids())
    submission.submit(token=token, submission=typed)
    assert set(keyring.shred_ids()) == before


def test_query_count_does_not_grow_with_the_team(officer: Client, ana: Member, coordinator: User) -> None:
    with CaptureQueriesContext(connection) as few:
        submit_request(Urgency.TODAY)
    for number in range(10):
        make_member(f"M{number} Member", confirmed_by=coordinator)
    with CaptureQueriesContext(connection) as many:
        submit_request(Urgency.TODAY)
    assert len(many) <= len(few) + 1


def card_of(creds: Credentials) -> Card:
    request = officers.request_of(creds)
    assert request is not None
    return unsealing.card_of(request, unsealing.content_key_of_officer(request, creds))


def _credentials(words: Sequence[str]) -> Credentials:
    return credentials(keyring.lasting("credentials"), words)
