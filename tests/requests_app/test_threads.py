"""What two people write to each other, and how it ends."""

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
from tests.requests_app.conftest import Asked, ask
from tests.requests_app.test_asking import token_on

pytestmark = pytest.mark.django_db


def come_back(officer: Client, asked: Asked, **more: str) -> Client:
    answer = officer.post("/request/return/", {"receipt": " ".join(asked.words), **more})
    assert answer.status_code == 302, answer.content.decode()
    return officer


def first_answer(asked: Asked, member: Member, key: bytes) -> None:
    peer_actions.write_as_peer(
        member=member, request_id=asked.opened.id, private_key=key, token=form_tokens.fresh("write"), text="I am here."
    )


def test_both_write_and_both_read_in_order(officer: Client, contact: Asked, ana: Member, ana_key: bytes) -> None:
    come_back(officer, contact)
    peer = sign_in(Client(), ana)
    address = f"/desk/contacts/{contact.opened.id}/"
    for client, page, text in (
        (peer, address, "I am here."),
        (officer, "/request/thread/", "Good."),
        (peer, address, "Can we talk at seven?"),
    ):
        token = token_on(client.get(page).content)
        assert client.post(page, {"token": token, "text": text}).status_code == 302
    found = members.contact_for(ana, contact.opened.id, ana_key)
    assert [(m.author, m.text) for m in found.thread] == [
        (Author.PEER, "I am here."),
        (Author.OFFICER, "Good."),
        (Author.PEER, "Can we talk at seven?"),
    ]
    for client, page in ((peer, address), (officer, "/request/thread/")):
        shown = client.get(page).content.decode()
        assert shown.index("I am here.") < shown.index("Good.") < shown.index("at seven?")
    assert "Ana Alvarez" in officer.get("/request/thread/").content.decode()


def test_a_double_press_of_send_writes_once(contact: Asked) -> None:
    token = form_tokens.fresh("write")
    for _ in range(2):
        officer_actions.write_as_officer(creds=contact.credentials, token=token, text="once")
    assert Message.objects.count() == 1


def test_a_new_message_tells_the_peer_and_names_nothing(contact: Asked, ana: Member) -> None:
    Notice.objects.all().delete()
    officer_actions.write_as_officer(creds=contact.credentials, token=form_tokens.fresh("write"), text="hello")
    assert [notice.recipient for notice in Notice.objects.all()] == [ana.user]


@pytest.mark.parametrize(
    "typed",
    ["{0}", "  {0}  ", "{1}", "{2}", "{3}", "{4}"],
    ids=["as shown", "stray spaces", "capitals", "commas", "hyphens", "run together"],
)
def test_the_receipt_is_forgiving(officer: Client, contact: Asked, typed: str) -> None:
    words = contact.words
    renderings = (" ".join(words), " ".join(words).upper(), ", ".join(words), "-".join(words), "".join(words))
    answer = officer.post("/request/return/", {"receipt": typed.format(*renderings)})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type the seven words"),
        ("abacus abdomen abdominal", "fewer than seven"),
        ("abacus " * 8, "more than seven"),
        ("abacus " * 6 + "zzzz", "not from our list"),
        ("abacus " * 6 + "abdomne", "For “abdomne”, did you mean “abdomen”?"),
        ("abacus " * 6 + "slan", "Look at the letters of “slan” again."),
        ("abacus " * 7, "Nothing is open under these words"),
        ("\x00\x01", "seven words"),
        ("🫂" * 50, "seven words"),
        ("x" * 401, ""),
    ],
)
def test_a_wrong_receipt_gets_a_sentence(officer: Client, contact: Asked, typed: str, sentence: str) -> None:
    answer = officer.post("/request/return/", {"receipt": typed})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not answer.cookies


def test_the_cookie_holds_neither_receipt_nor_readable_number(officer: Client, contact: Asked) -> None:
    come_back(officer, contact)
    cookie = officer.cookies["visit"]
    assert cookie["samesite"] == "Strict" and cookie["httponly"] and not cookie["max-age"]
    for secret in (*contact.words, contact.credentials.seed.hex(), contact.credentials.locator.hex()):
        assert secret not in cookie.value


def test_an_own_phone_is_kept_in_for_seven_days(officer: Client, contact: Asked) -> None:
    come_back(officer, contact, own_phone="on")
    assert officer.cookies["visit"]["max-age"] == 7 * 24 * 3600
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert officer.get("/request/thread/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert officer.get("/request/thread/").status_code == 302


def test_the_session_ends_after_20_idle_minutes_and_after_two_hours(officer: Client, contact: Asked) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        come_back(officer, contact)
    for minutes in range(19, 120, 19):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert officer.get("/request/thread/").status_code == 200
    with time_machine.travel(start + timedelta(minutes=121), tick=False):
        assert officer.get("/request/thread/").status_code == 302
    with time_machine.travel(start, tick=False):
        come_back(officer, contact)
    with time_machine.travel(start + timedelta(minutes=21), tick=False):
        assert officer.get("/request/thread/").status_code == 302


@pytest.mark.parametrize("cookie", ["", "00", "zz", "é", "ab" * 300])
def test_a_forged_cookie_is_no_session(officer: Client, cookie: str) -> None:
    officer.cookies["visit"] = cookie
    assert officer.get("/request/thread/").status_code == 302


def test_what_was_typed_is_kept_when_the_session_ends(officer: Client, contact: Asked) -> None:
    page = officer.post("/request/thread/", {"token": "old", "text": "typed before it ended"})
    assert "typed before it ended" in page.content.decode()
    back = officer.post(
        "/request/return/", {"receipt": " ".join(contact.words), "text": "typed before it ended"}
    ).content.decode()
    assert "typed before it ended</textarea>" in back
    officer.post("/request/thread/", {"token": token_on(back.encode()), "text": "typed before it ended"})
    assert Message.objects.count() == 1


def test_an_empty_or_over_long_message_is_kept_and_not_sent(officer: Client, contact: Asked) -> None:
    come_back(officer, contact)
    for text, sentence in (("  \n ", "nothing to send"), ("y" * 20_001, "20,001 characters")):
        token = token_on(officer.get("/request/thread/").content)
        page = officer.post("/request/thread/", {"token": token, "text": text}).content.decode()
        assert sentence in page
    assert "y" * 20_001 in page
    assert Message.objects.count() == 0


def test_another_members_contact_is_not_found(contact: Asked, ben: Member) -> None:
    client = sign_in(Client(), ben)
    address = f"/desk/contacts/{contact.opened.id}/"
    assert client.get(address).status_code == 404
    for path in ("", "suggest/", "close/"):
        typed = {"text": "x", "token": form_tokens.fresh("write")}
        assert client.post(address + path, typed).status_code == 404
    assert Message.objects.count() == 0 and Request.objects.count() == 1


def test_looking_again_keeps_what_was_typed_and_sends_nothing(officer: Client, contact: Asked, ana: Member) -> None:
    come_back(officer, contact)
    address = f"/desk/contacts/{contact.opened.id}/"
    for client, page in ((officer, "/request/thread/"), (sign_in(Client(), ana), address)):
        answer = client.post(page, {"token": "", "text": "half a sen", "look": "1"})
        assert answer.status_code == 200 and "half a sen</textarea>" in answer.content.decode()
    assert officer.post("/request/thread/", {"text": " ", "look": "1"}).status_code == 302
    assert contact.opened.routing.messages == 0


def test_unread_is_marked_until_it_is_read(contact: Asked, ana: Member) -> None:
    client = sign_in(Client(), ana)
    officer_actions.write_as_officer(creds=contact.credentials, token=form_tokens.fresh("write"), text="hello")
    assert "They have written to you" in client.get("/desk/").content.decode()
    client.get(f"/desk/contacts/{contact.opened.id}/")
    assert "They have written to you" not in client.get("/desk/").content.decode()


def test_new_and_unopened_are_marked_until_they_are_seen(
    officer: Client, contact: Asked, ana: Member, ana_key: bytes
) -> None:
    come_back(officer, contact)
    of_ana = {"member": ana, "request_id": contact.opened.id, "private_key": ana_key}
    peer_actions.write_as_peer(**of_ana, token=form_tokens.fresh("write"), text="here")
    first = officer.get("/request/thread/").content.decode()
    assert "One new message." in first and "<b>new</b>" in first
    assert "new message" not in officer.get("/request/thread/").content.decode()
    officer_actions.write_as_officer(creds=contact.credentials, token=form_tokens.fresh("write"), text="good")
    assert "not opened yet" in officer.get("/request/thread/").content.decode()
    peer_actions.mark_read_by_peer(member=ana, request_id=contact.opened.id, seen=2)
    assert "not opened yet" not in officer.get("/request/thread/").content.decode()


def test_a_page_that_looks_by_itself_is_nobody_reading(
    officer: Client, contact: Asked, ana: Member, ana_key: bytes
) -> None:
    come_back(officer, contact)
    of_ana = {"member": ana, "request_id": contact.opened.id, "private_key": ana_key}
    peer_actions.write_as_peer(**of_ana, token=form_tokens.fresh("write"), text="are you there?")
    before = contact.opened.routing
    looked = officer.get("/request/thread/", headers={"X-Looks-By-Itself": "1"})
    assert "are you there?" in looked.content.decode()
    assert not looked.cookies and contact.opened.routing == before
    with time_machine.travel(timezone.now() + timedelta(minutes=21)):
        assert officer.get("/request/thread/", headers={"X-Looks-By-Itself": "1"}).status_code == 302


def test_untouched_for_a_month_is_told_to_the_officer_too(
    officer: Client, contact: Asked, ana: Member, ana_key: bytes
) -> None:
    first_answer(contact, ana, ana_key)
    sweep.tend_all(now=timezone.now() + timedelta(days=30, minutes=30))
    come_back(officer, contact)
    assert "Nothing was written here for a month" in officer.get("/request/thread/").content.decode()


# The end


def test_the_officer_closes_and_erases(officer: Client, contact: Asked, ana: Member, own_keyring: object) -> None:
    come_back(officer, contact)
    key_id = Request.objects.get().key_id
    with_commit = officer.post("/request/close/")
    assert with_commit.cookies["visit"].value == ""
    assert (Request.objects.count(), Message.objects.count()) == (0, 0)
    assert officers.request_with(contact.credentials) is None
    assert [owed.member_id for owed in members.owed_tallies()] == [ana.pk]
    assert officer.get("/request/thread/").status_code == 302
    del key_id


@pytest.mark.django_db(transaction=True)
def test_erased_is_said_when_the_key_is_gone(officer: Client, contact: Asked) -> None:
    come_back(officer, contact)
    key_id = Request.objects.get().key_id
    page = officer.post("/request/close/").content.decode()
    assert "Closed and erased" in page
    assert keyring.is_destroyed(key_id)


def test_after_closing_the_receipt_opens_nothing(officer: Client, contact: Asked, ana: Member) -> None:
    peer_actions.close_as_peer(member=ana, request_id=contact.opened.id)
    page = officer.post("/request/return/", {"receipt": " ".join(contact.words)}).content.decode()
    assert "Nothing is open under these words" in page


def test_close_contact_closes_at_once_and_shows_the_tally(contact: Asked, ana: Member) -> None:
    client = sign_in(Client(), ana)
    answer = client.post(f"/desk/contacts/{contact.opened.id}/close/", follow=True)
    assert answer.redirect_chain == [("/desk/tally/", 302)]
    assert "A contact to tally" in answer.content.decode()
    assert Request.objects.count() == 0


def test_a_page_left_open_while_the_peer_closes_says_so(officer: Client, contact: Asked, ana: Member) -> None:
    come_back(officer, contact)
    token = token_on(officer.get("/request/thread/").content)
    peer_actions.close_as_peer(member=ana, request_id=contact.opened.id)
    page = officer.post("/request/thread/", {"token": token, "text": "too late"})
    assert page.status_code == 200
    assert "This has come to its end" in page.content.decode()
    assert "too late" in page.content.decode()


def test_a_desk_page_that_opens_while_the_officer_closes_is_no_error(contact: Asked, ana: Member) -> None:
    client, address = sign_in(Client(), ana), f"/desk/contacts/{contact.opened.id}/"

    def close_after_the_thread_is_read(go_on: Callable[..., object], sql: str, *more: object) -> object:
        found = go_on(sql, *more)
        if sql.startswith("SELECT") and Message._meta.db_table in sql and Request.objects.exists():
            officer_actions.close_as_officer(creds=contact.credentials)
        return found

    with connection.execute_wrapper(close_after_the_thread_is_read):
        assert client.get(address).status_code == 200
    assert not Request.objects.exists()
    assert client.get(address).status_code == 404


def test_suggested_closing_is_shown_and_an_answer_takes_it_back(officer: Client, contact: Asked, ana: Member) -> None:
    client = sign_in(Client(), ana)
    client.post(f"/desk/contacts/{contact.opened.id}/suggest/")
    come_back(officer, contact)
    page = officer.get("/request/thread/").content
    assert b"asks whether this can be closed" in page
    officer.post("/request/thread/", {"token": token_on(page), "text": "please go on"})
    assert contact.opened.routing.suggested is None


def test_a_suggestion_nobody_answers_closes_after_seven_days(contact: Asked, ana: Member) -> None:
    peer_actions.suggest_closing(member=ana, request_id=contact.opened.id)
    sweep.tend_all(now=timezone.now() + timedelta(days=6, hours=23))
    assert Request.objects.count() == 1
    sweep.tend_all(now=timezone.now() + timedelta(days=7, minutes=30))
    assert (Request.objects.count(), PendingTally.objects.count()) == (0, 1)


def test_untouched_it_is_told_after_30_days_and_erased_after_45(contact: Asked, ana: Member, ana_key: bytes) -> None:
    first_answer(contact, ana, ana_key)
    Notice.objects.all().delete()
    for _ in range(2):
        sweep.tend_all(now=timezone.now() + timedelta(days=30, minutes=30))
    assert [notice.recipient for notice in Notice.objects.all()] == [ana.user]
    sweep.tend_all(now=timezone.now() + timedelta(days=45, minutes=30))
    assert (Request.objects.count(), PendingTally.objects.count()) == (0, 1)


def test_untouched_and_never_accepted_it_is_erased_without_a_tally(ana: Member) -> None:
    ask()
    sweep.tend_all(now=timezone.now() + timedelta(days=45, minutes=30))
    assert (Request.objects.count(), PendingTally.objects.count()) == (0, 0)


def test_keys_that_are_away_are_not_taken_for_erased(contact: Asked, settings: object, tmp_path: object) -> None:
    settings.KEYRING = tmp_path / "elsewhere"  # type: ignore[attr-defined,operator]
    sweep.tend_all(now=timezone.now())
    assert Request.objects.count() == 1


def test_exit_ends_the_session_and_goes_somewhere_harmless(officer: Client, contact: Asked, settings: object) -> None:
    come_back(officer, contact)
    answer = officer.get("/exit/")
    assert answer["Location"] == settings.EXIT_URL  # type: ignore[attr-defined]
    assert officer.cookies["visit"].value == ""
    assert officer.get("/request/thread/").status_code == 302


def test_exit_before_anything_was_sent_changes_a_cookie_too(officer: Client, db: None) -> None:
    """Without a change the browser would bring back the page with all that was typed."""
    cookie = officer.get("/exit/").cookies["visit"]
    assert (cookie.value, cookie["max-age"], cookie["httponly"]) == ("", 1, True)


def test_titles_and_addresses_of_the_officers_pages_stay_harmless(officer: Client, contact: Asked) -> None:
    come_back(officer, contact)
    for address in ("/request/", "/request/return/", "/request/thread/", "/request/change-peer/"):
        title = re.search(r"<title>(.*?)</title>", officer.get(address).content.decode(), re.S)
        assert title and not re.search("suicid|crisis|sleep|support|agency", title[1], re.I), address


def test_who_is_still_in_is_led_back_without_the_words(officer: Client, contact: Asked) -> None:
    assert "You are still in" not in officer.get("/request/return/").content.decode()
    come_back(officer, contact, own_phone="on")
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert "You are still in" in officer.get("/request/return/").content.decode()
