"""What officer and peer write to each other, and how it ends."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from peersupport.notices.models import Notice
from peersupport.program import form_tokens
from peersupport.sealing import keyring
from peersupport.team.models import Member
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer as peer_actions
from requests_app.actions import sweep
from requests_app.domain.states import Author
from requests_app.models import Message, PendingTally, Request
from requests_app.queries import members, officers
from tests.cast import sign_in
from tests.requests_app.conftest import OpenRequest, submit_request
from tests.requests_app.test_submission import token_on

pytestmark = pytest.mark.django_db


def return_by_receipt(officer: Client, submitted: OpenRequest, **more: str) -> Client:
    answer = officer.post("/request/return/", {"receipt": " ".join(submitted.receipt_words), **more})
    assert answer.status_code == 302, answer.content.decode()
    return officer


def first_answer(submitted: OpenRequest, member: Member, key: bytes) -> None:
    peer_actions.write(
        member=member,
        request_id=submitted.unsealed.id,
        private_key=key,
        token=form_tokens.fresh("write"),
        text="I am here.",
    )


def test_both_sides_write_and_read_in_order(officer: Client, contact: OpenRequest, ana: Member, ana_key: bytes) -> None:
    return_by_receipt(officer, contact)
    peer = sign_in(Client(), ana)
    address = f"/desk/contacts/{contact.unsealed.id}/"
    for client, page, text in (
        (peer, address, "I am here."),
        (officer, "/request/thread/", "Good."),
        (peer, address, "Can we talk at seven?"),
    ):
        token = token_on(client.get(page).content)
        assert client.post(page, {"token": token, "text": text}).status_code == 302
    found = members.contact_for(ana, contact.unsealed.id, ana_key)
    assert [(m.author, m.text) for m in found.thread] == [
        (Author.PEER, "I am here."),
        (Author.OFFICER, "Good."),
        (Author.PEER, "Can we talk at seven?"),
    ]
    for client, page in ((peer, address), (officer, "/request/thread/")):
        shown = client.get(page).content.decode()
        assert shown.index("I am here.") < shown.index("Good.") < shown.index("at seven?")
    assert "Ana Alvarez" in officer.get("/request/thread/").content.decode()


def test_double_press_of_send_writes_once(contact: OpenRequest) -> None:
    token = form_tokens.fresh("write")
    for _ in range(2):
        officer_actions.write(creds=contact.credentials, token=token, text="once")
    assert Message.objects.count() == 1


def test_new_message_notifies_the_peer(contact: OpenRequest, ana: Member) -> None:
    Notice.objects.all().delete()
    officer_actions.write(creds=contact.credentials, token=form_tokens.fresh("write"), text="hello")
    assert [notice.recipient for notice in Notice.objects.all()] == [ana.user]


@pytest.mark.parametrize(
    "typed",
    ["{0}", "  {0}  ", "{1}", "{2}", "{3}", "{4}"],
    ids=["as shown", "stray spaces", "capitals", "commas", "hyphens", "run together"],
)
def test_receipt_can_be_typed_in_several_ways(officer: Client, contact: OpenRequest, typed: str) -> None:
    words = contact.receipt_words
    renderings = (" ".join(words), " ".join(words).upper(), ", ".join(words), "-".join(words), "".join(words))
    answer = officer.post("/request/return/", {"receipt": typed.format(*renderings)})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type your seven words"),
        ("abacus abdomen abdominal", "fewer than seven"),
        ("abacus " * 8, "more than seven"),
        ("abacus " * 6 + "zzzz", "on our list: “zzzz”"),
        ("abacus " * 6 + "liftoffs", "For “liftoffs”, did you mean “liftoff”?"),
        ("abacus " * 6 + "abacuszzzz", "on our list: “abacuszzzz”"),
        ("abacus " * 6 + "abdomne", "For “abdomne”, did you mean “abdomen”?"),
        ("abacus " * 6 + "slan", "Check the spelling of “slan”."),
        ("abacus " * 7, "No open request goes with these words"),
        ("\x00\x01", "seven words"),
        ("🫂" * 50, "seven words"),
        ("x" * 401, ""),
    ],
)
def test_wrong_receipt_is_answered_with_a_sentence(
    officer: Client, contact: OpenRequest, typed: str, sentence: str
) -> None:
    answer = officer.post("/request/return/", {"receipt": typed})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not answer.cookies


def test_session_cookie_holds_no_receipt_and_no_readable_secret(officer: Client, contact: OpenRequest) -> None:
    return_by_receipt(officer, contact)
    cookie = officer.cookies["visit"]
    assert cookie["samesite"] == "Strict" and cookie["httponly"] and not cookie["max-age"]
    for secret in (*contact.receipt_words, contact.credentials.seed.hex(), contact.credentials.locator.hex()):
        assert secret not in cookie.value


def test_session_on_an_own_phone_lasts_seven_days(officer: Client, contact: OpenRequest) -> None:
    return_by_receipt(officer, contact, own_phone="on")
    assert officer.cookies["visit"]["max-age"] == 7 * 24 * 3600
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert officer.get("/request/thread/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert officer.get("/request/thread/").status_code == 302


def test_session_ends_after_20_idle_minutes_or_two_hours(officer: Client, contact: OpenRequest) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        return_by_receipt(officer, contact)
    for minutes in range(19, 120, 19):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert officer.get("/request/thread/").status_code == 200
    with time_machine.travel(start + timedelta(minutes=121), tick=False):
        assert officer.get("/request/thread/").status_code == 302
    with time_machine.travel(start, tick=False):
        return_by_receipt(officer, contact)
    with time_machine.travel(start + timedelta(minutes=21), tick=False):
        assert officer.get("/request/thread/").status_code == 302


@pytest.mark.parametrize("cookie", ["", "00", "zz", "é", "ab" * 300])
def test_forged_cookie_is_no_session(officer: Client, cookie: str) -> None:
    officer.cookies["visit"] = cookie
    assert officer.get("/request/thread/").status_code == 302


def test_typed_text_outlives_the_session(officer: Client, contact: OpenRequest) -> None:
    page = officer.post("/request/thread/", {"token": "old", "text": "typed before it ended"})
    assert "typed before it ended" in page.content.decode()
    back = officer.post(
        "/request/return/", {"receipt": " ".join(contact.receipt_words), "text": "typed before it ended"}
    ).content.decode()
    assert "typed before it ended</textarea>" in back
    officer.post("/request/thread/", {"token": token_on(back.encode()), "text": "typed before it ended"})
    assert Message.objects.count() == 1


def test_empty_or_overlong_message_is_kept_and_not_sent(officer: Client, contact: OpenRequest) -> None:
    return_by_receipt(officer, contact)
    for text, sentence in (("  \n ", "Write something first"), ("y" * 20_001, "20,001 characters")):
        token = token_on(officer.get("/request/thread/").content)
        page = officer.post("/request/thread/", {"token": token, "text": text}).content.decode()
        assert sentence in page
    assert "y" * 20_001 in page
    assert Message.objects.count() == 0


def test_contact_of_another_member_is_not_found(contact: OpenRequest, ben: Member) -> None:
    client = sign_in(Client(), ben)
    address = f"/desk/contacts/{contact.unsealed.id}/"
    assert client.get(address).status_code == 404
    for path in ("", "suggest/", "close/"):
        typed = {"text": "x", "token": form_tokens.fresh("write")}
        assert client.post(address + path, typed).status_code == 404
    assert Message.objects.count() == 0 and Request.objects.count() == 1


def test_refresh_button_keeps_the_text_and_sends_nothing(officer: Client, contact: OpenRequest, ana: Member) -> None:
    return_by_receipt(officer, contact)
    address = f"/desk/contacts/{contact.unsealed.id}/"
    for client, page in ((officer, "/request/thread/"), (sign_in(Client(), ana), address)):
        answer = client.post(page, {"token": "", "text": "half a sen", "look": "1"})
        assert answer.status_code == 200 and "half a sen</textarea>" in answer.content.decode()
    assert officer.post("/request/thread/", {"text": " ", "look": "1"}).status_code == 302
    assert contact.unsealed.routing.messages == 0


def test_desk_marks_unread_messages(contact: OpenRequest, ana: Member) -> None:
    client = sign_in(Client(), ana)
    officer_actions.write(creds=contact.credentials, token=form_tokens.fresh("write"), text="hello")
    assert "ve written to you</b>" in client.get("/desk/").content.decode()
    client.get(f"/desk/contacts/{contact.unsealed.id}/")
    assert "ve written to you</b>" not in client.get("/desk/").content.decode()


def test_thread_marks_new_and_unopened_messages(
    officer: Client, contact: OpenRequest, ana: Member, ana_key: bytes
) -> None:
    return_by_receipt(officer, contact)
    of_ana = {"member": ana, "request_id": contact.unsealed.id, "private_key": ana_key}
    peer_actions.write(**of_ana, token=form_tokens.fresh("write"), text="here")
    first = officer.get("/request/thread/").content.decode()
    assert "One new message." in first and "<b>new</b>" in first
    assert "new message" not in officer.get("/request/thread/").content.decode()
    officer_actions.write(creds=contact.credentials, token=form_tokens.fresh("write"), text="good")
    assert "not opened yet" in officer.get("/request/thread/").content.decode()
    peer_actions.mark_read(member=ana, request_id=contact.unsealed.id, seen=2)
    assert "not opened yet" not in officer.get("/request/thread/").content.decode()


def test_polling_marks_nothing_read_and_keeps_no_session_alive(
    officer: Client, contact: OpenRequest, ana: Member, ana_key: bytes
) -> None:
    return_by_receipt(officer, contact)
    of_ana = {"member": ana, "request_id": contact.unsealed.id, "private_key": ana_key}
    peer_actions.write(**of_ana, token=form_tokens.fresh("write"), text="are you there?")
    before = contact.unsealed.routing
    looked = officer.get("/request/thread/", headers={"X-Poll": "1"})
    assert "are you there?" in looked.content.decode()
    assert not looked.cookies and contact.unsealed.routing == before
    with time_machine.travel(timezone.now() + timedelta(minutes=21)):
        assert officer.get("/request/thread/", headers={"X-Poll": "1"}).status_code == 302


def test_officer_is_told_of_a_month_without_messages(
    officer: Client, contact: OpenRequest, ana: Member, ana_key: bytes
) -> None:
    first_answer(contact, ana, ana_key)
    sweep.run(now=timezone.now() + timedelta(days=30, minutes=30))
    return_by_receipt(officer, contact)
    assert "Nobody has written here for a month" in officer.get("/request/thread/").content.decode()


# The end


def test_officer_closes_and_erases(officer: Client, contact: OpenRequest, ana: Member, own_keyring: object) -> None:
    return_by_receipt(officer, contact)
    key_id = Request.objects.get().key_id
    with_commit = officer.post("/request/close/")
    assert with_commit.cookies["visit"].value == ""
    assert (Request.objects.count(), Message.objects.count()) == (0, 0)
    assert officers.request_of(contact.credentials) is None
    assert [each.member_id for each in members.pending_tallies()] == [ana.pk]
    assert officer.get("/request/thread/").status_code == 302
    del key_id


@pytest.mark.django_db(transaction=True)
def test_closed_page_says_erased_once_the_key_is_gone(officer: Client, contact: OpenRequest) -> None:
    return_by_receipt(officer, contact)
    key_id = Request.objects.get().key_id
    page = officer.post("/request/close/").content.decode()
    assert "Closed and erased" in page
    assert keyring.is_destroyed(key_id)


def test_receipt_opens_nothing_after_closing(officer: Client, contact: OpenRequest, ana: Member) -> None:
    peer_actions.close(member=ana, request_id=contact.unsealed.id)
    page = officer.post("/request/return/", {"receipt": " ".join(contact.receipt_words)}).content.decode()
    assert "No open request goes with these words" in page


def test_close_contact_closes_at_once_and_shows_the_tally(contact: OpenRequest, ana: Member) -> None:
    client = sign_in(Client(), ana)
    answer = client.post(f"/desk/contacts/{contact.unsealed.id}/close/", follow=True)
    assert answer.redirect_chain == [("/desk/tally/", 302)]
    assert "<h1>Tally</h1>" in answer.content.decode()
    assert Request.objects.count() == 0


def test_officer_page_says_that_the_peer_has_closed(officer: Client, contact: OpenRequest, ana: Member) -> None:
    return_by_receipt(officer, contact)
    token = token_on(officer.get("/request/thread/").content)
    peer_actions.close(member=ana, request_id=contact.unsealed.id)
    page = officer.post("/request/thread/", {"token": token, "text": "too late"})
    assert page.status_code == 200
    assert "This request is closed" in page.content.decode()
    assert "too late" in page.content.decode()


def test_contact_page_survives_the_officer_closing_meanwhile(contact: OpenRequest, ana: Member) -> None:
    client, address = sign_in(Client(), ana), f"/desk/contacts/{contact.unsealed.id}/"

    def close_after_the_thread_is_read(go_on: Callable[..., object], sql: str, *more: object) -> object:
        found = go_on(sql, *more)
        if sql.startswith("SELECT") and Message._meta.db_table in sql and Request.objects.exists():
            officer_actions.close(creds=contact.credentials)
        return found

    with connection.execute_wrapper(close_after_the_thread_is_read):
        assert client.get(address).status_code == 200
    assert not Request.objects.exists()
    assert client.get(address).status_code == 404


def test_contact_that_is_gone_is_still_there_to_tally(contact: OpenRequest, ana: Member) -> None:
    client, address = sign_in(Client(), ana), f"/desk/contacts/{contact.unsealed.id}/"
    peer_actions.close(member=ana, request_id=contact.unsealed.id)
    assert "You may still have it to tally." in client.get(address).content.decode()
    PendingTally.objects.all().delete()
    assert "nothing left for you to do" in client.get(address).content.decode()


def test_suggested_closing_is_shown_and_cancelled_by_an_answer(
    officer: Client, contact: OpenRequest, ana: Member
) -> None:
    client = sign_in(Client(), ana)
    client.post(f"/desk/contacts/{contact.unsealed.id}/suggest/")
    return_by_receipt(officer, contact)
    page = officer.get("/request/thread/").content
    assert b"is asking if you're done here." in page
    officer.post("/request/thread/", {"token": token_on(page), "text": "please go on"})
    assert contact.unsealed.routing.closing_suggested is None


def test_unanswered_suggestion_closes_after_seven_days(contact: OpenRequest, ana: Member) -> None:
    peer_actions.suggest_closing(member=ana, request_id=contact.unsealed.id)
    sweep.run(now=timezone.now() + timedelta(days=6, hours=23))
    assert Request.objects.count() == 1
    sweep.run(now=timezone.now() + timedelta(days=7, minutes=30))
    assert (Request.objects.count(), PendingTally.objects.count()) == (0, 1)


def test_untouched_contact_is_notified_after_30_days_and_erased_after_45(
    contact: OpenRequest, ana: Member, ana_key: bytes
) -> None:
    first_answer(contact, ana, ana_key)
    Notice.objects.all().delete()
    for _ in range(2):
        sweep.run(now=timezone.now() + timedelta(days=30, minutes=30))
    assert [notice.recipient for notice in Notice.objects.all()] == [ana.user]
    sweep.run(now=timezone.now() + timedelta(days=45, minutes=30))
    assert (Request.objects.count(), PendingTally.objects.count()) == (0, 1)


def test_untouched_request_without_a_peer_is_erased_without_a_tally(ana: Member) -> None:
    submit_request()
    sweep.run(now=timezone.now() + timedelta(days=45, minutes=30))
    assert (Request.objects.count(), PendingTally.objects.count()) == (0, 0)


def test_missing_keyring_is_not_taken_for_erasure(contact: OpenRequest, settings: object, tmp_path: object) -> None:
    settings.KEYRING = tmp_path / "elsewhere"  # type: ignore[attr-defined,operator]
    sweep.run(now=timezone.now())
    assert Request.objects.count() == 1


def test_exit_ends_the_session_and_leads_to_a_harmless_page(
    officer: Client, contact: OpenRequest, settings: object
) -> None:
    return_by_receipt(officer, contact)
    answer = officer.get("/exit/")
    assert answer["Location"] == settings.EXIT_URL  # type: ignore[attr-defined]
    assert officer.cookies["visit"].value == ""
    assert officer.get("/request/thread/").status_code == 302


def test_exit_changes_a_cookie_even_without_a_session(officer: Client, db: None) -> None:
    """Otherwise the browser would bring back the page with everything that was typed."""
    cookie = officer.get("/exit/").cookies["visit"]
    assert (cookie.value, cookie["max-age"], cookie["httponly"]) == ("", 1, True)


def test_a_link_to_exit_on_another_site_ends_nobodys_visit(officer: Client, contact: OpenRequest) -> None:
    return_by_receipt(officer, contact)
    answer = officer.get("/exit/", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 302 and not answer.cookies
    assert officer.get("/request/thread/").status_code == 200


def test_officer_page_titles_and_addresses_are_harmless(officer: Client, contact: OpenRequest) -> None:
    return_by_receipt(officer, contact)
    for address in ("/request/", "/request/return/", "/request/thread/", "/request/change-peer/"):
        title = re.search(r"<title>(.*?)</title>", officer.get(address).content.decode(), re.S)
        assert title and not re.search("suicid|crisis|sleep|support|agency", title[1], re.I), address


def test_officer_with_a_session_is_led_back_without_the_receipt(officer: Client, contact: OpenRequest) -> None:
    assert "On this device you can go straight to" not in officer.get("/request/return/").content.decode()
    return_by_receipt(officer, contact, own_phone="on")
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert "On this device you can go straight to" in officer.get("/request/return/").content.decode()
