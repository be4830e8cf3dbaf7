"""After Exit nothing comes back: not by Back and "resend", and not to somebody who has a copy of the cookie."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from peersupport.program import form_tokens
from peersupport.team.models import Member, User
from requests_app import officer_session
from requests_app.actions import submission, submitted_forms, sweep, telephone_only, threads
from requests_app.domain import visits
from requests_app.forms.officer_thread import RETURN_PURPOSE
from requests_app.models import Message, Request, SubmittedForm
from requests_app.views.officer_thread import VISIT_PURPOSE
from tests.requests_app.conftest import OpenRequest, submit_request
from tests.requests_app.test_stale_pages import fields_on
from tests.requests_app.test_submission import FORM, receipt_on, token_on
from tests.requests_app.test_threads import return_by_receipt

pytestmark = pytest.mark.django_db

TYPED = "I have not slept since Tuesday"
Sent = dict[str, object]


def open_form(browser: Client, **typed: object) -> Sent:
    """What the browser sends from the form, and what it sends again."""
    return {**FORM, "token": token_on(browser.get("/request/").content), "message": TYPED, **typed}


def send(browser: Client, sent: Sent) -> bytes:
    return browser.post("/request/", sent).content


def is_silent(answer: HttpResponse, *secrets: str, words: Sequence[str] = ()) -> bool:
    """words: of a receipt. One of them, such as "press", may stand on any page."""
    page = answer.content.decode()
    is_receipt_shown = b'id="receipt"' in answer.content or sum(word in page for word in words) > len(words) // 2
    return not is_receipt_shown and not any(secret in page for secret in (TYPED, *secrets))


# The receipt


def test_after_exit_a_form_sent_again_shows_no_receipt(officer: Client, ana: Member) -> None:
    sent = open_form(officer)
    words = receipt_on(send(officer, sent))
    officer.get("/exit/")
    for browser in (officer, Client()):
        answer = browser.post("/request/", sent)
        assert is_silent(answer, words=words) and not answer.cookies
        assert "This was sent" in answer.content.decode() and "Use your seven words" in answer.content.decode()
    assert Request.objects.count() == 1


def test_a_copied_cookie_shows_no_receipt_after_exit(officer: Client, ana: Member) -> None:
    sent, copy = open_form(officer), Client()
    send(officer, sent)
    copy.cookies = officer.cookies.copy()
    officer.get("/exit/")
    assert is_silent(copy.post("/request/", sent))


@pytest.mark.parametrize(
    ("after", "has_cookie", "is_shown"),
    [
        (timedelta(seconds=100), False, True),  # a double press, or an answer that was lost on its way
        (timedelta(minutes=2), False, False),
        (timedelta(minutes=50), False, False),
        (timedelta(minutes=50), True, True),
        (timedelta(minutes=61), True, False),
    ],
)
def test_who_is_shown_the_receipt_again(
    officer: Client, ana: Member, after: timedelta, has_cookie: bool, is_shown: bool
) -> None:
    sent, start = open_form(officer), timezone.now().replace(minute=0, second=0, microsecond=0)
    with time_machine.travel(start, tick=False):
        sent["token"] = form_tokens.fresh("request")
        words = receipt_on(send(officer, sent))
    with time_machine.travel(start + after, tick=False):
        answer = (officer if has_cookie else Client()).post("/request/", sent)
    assert (b'id="receipt"' in answer.content) is is_shown
    assert receipt_on(answer.content) == words if is_shown else is_silent(answer, words=words)
    assert Request.objects.count() == 1


@given(sent_at=st.integers(0, 10**6), later=st.integers(0, 200))
def test_two_minutes_are_never_more(sent_at: int, later: int) -> None:
    """By the moments alone: never after 120 seconds, always within 110."""
    moments = submitted_forms.RECENT_MOMENTS
    sent, now = sent_at // submitted_forms.MOMENT, (sent_at + later) // submitted_forms.MOMENT
    is_recent = now - moments + 1 <= sent <= now
    assert is_recent if later <= 110 else later < 120 or not is_recent


def test_an_older_form_sent_for_the_first_time_in_a_browser_without_cookies_works(officer: Client, ana: Member) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=11)):
        sent = open_form(officer)
    assert len(receipt_on(send(Client(), sent))) == 7


# What was typed


def test_after_exit_a_refused_form_gives_nothing_back(officer: Client, ana: Member) -> None:
    sent = open_form(officer, understood="")
    assert TYPED.encode() in send(officer, sent)
    officer.get("/exit/")
    answer = officer.post("/request/", sent)
    assert is_silent(answer) and "This page was left" in answer.content.decode()
    officer.post("/request/", {**sent, "understood": "on"})
    assert Request.objects.count() == 0


@pytest.mark.parametrize("why", ["choose a box", "full", "by telephone", "closed while refused"])
def test_whatever_gives_typed_texts_back_gives_none_after_exit(
    officer: Client, ana: Member, coordinator: User, settings, why: str
) -> None:
    sent, most = open_form(officer), settings.MAX_OPEN_REQUESTS
    later = timezone.now() + timedelta(hours=1)
    if why in {"choose a box", "closed while refused"}:
        sent["understood"] = ""
    if why in {"full", "closed while refused"}:
        settings.MAX_OPEN_REQUESTS = 0
    if why == "by telephone":
        telephone_only.begin(hours=4, by=coordinator, now=timezone.now())
    with time_machine.travel(later):
        assert TYPED.encode() in send(officer, sent)
        officer.get("/exit/")
        for browser in (officer, Client()):
            assert is_silent(browser.post("/request/", sent))
        settings.MAX_OPEN_REQUESTS = most
        assert is_silent(officer.post("/request/", sent))
    assert Request.objects.count() == 0


def no_statement(*_: object) -> None:
    raise OperationalError("the database is away")


def test_after_exit_a_form_that_met_an_error_does_nothing_and_says_nothing(ana: Member) -> None:
    """The page of the error gave back what was typed, so it may come again by Back and "resend"."""
    officer = Client(raise_request_exception=False)
    sent = open_form(officer)
    with connection.execute_wrapper(no_statement):
        broken = officer.post("/request/", sent)
    assert broken.status_code == 500 and TYPED in broken.content.decode()
    officer.get("/exit/")
    for browser in (officer, Client()):
        assert is_silent(browser.post("/request/", sent), TYPED)
    assert not Request.objects.exists()


def test_after_exit_words_that_met_an_error_open_nothing(contact: OpenRequest) -> None:
    officer = Client(raise_request_exception=False)
    words = " ".join(contact.receipt_words)
    sent = {"token": token_on(officer.get("/request/return/").content), "receipt": words}
    with connection.execute_wrapper(no_statement):
        assert officer.post("/request/return/", sent).status_code in {500, 503}
    officer.get("/exit/")
    assert is_silent(Client().post("/request/return/", sent), words)


def test_a_refused_form_keeps_its_text_without_cookies_for_a_day(officer: Client, ana: Member) -> None:
    sent = open_form(officer, understood="")
    send(Client(), sent)
    for hours, is_kept in ((23, True), (25, False)):
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            assert (TYPED.encode() in send(Client(), sent)) is is_kept


def test_the_browser_that_still_has_the_visit_gets_the_text_of_any_age(officer: Client, ana: Member) -> None:
    sent = open_form(officer, understood="")
    send(officer, sent)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert TYPED.encode() in send(officer, sent)


def test_days_after_exit_it_still_gives_nothing_back(officer: Client, ana: Member) -> None:
    """When the note of the visit's end is gone, the age of the form speaks."""
    sent = open_form(officer, understood="")
    send(officer, sent)
    officer.get("/exit/")
    for hours in range(1, 60, 6):
        now = timezone.now() + timedelta(hours=hours)
        with time_machine.travel(now):
            sweep.run(now=now)
            assert is_silent(officer.post("/request/", sent)), hours
    assert SubmittedForm.objects.count() == 0


def test_after_exit_wrong_words_are_not_shown_again(officer: Client, contact: OpenRequest) -> None:
    words = (*contact.receipt_words[:6], "abacus" if contact.receipt_words[6] != "abacus" else "zebra")
    sent = {**fields_on(officer.get("/request/return/").content, "/request/return/"), "receipt": " ".join(words)}
    assert words[0].encode() in officer.post("/request/return/", sent).content
    officer.get("/exit/")
    assert is_silent(officer.post("/request/return/", sent), words=words)


def test_after_exit_the_words_sent_again_open_nothing(officer: Client, contact: OpenRequest) -> None:
    page = officer.get("/request/return/").content
    sent = {**fields_on(page, "/request/return/"), "receipt": " ".join(contact.receipt_words), "text": TYPED}
    assert b'id="thread"' in officer.post("/request/return/", sent).content
    officer.get("/exit/")
    answer = officer.post("/request/return/", sent)
    assert is_silent(answer, "I have not slept.", words=contact.receipt_words) and not answer.cookies
    assert officer.get("/request/thread/").status_code == 302


# The talk


def press_write(page: bytes) -> tuple[str, Sent]:
    return "/request/thread/", {**fields_on(page, "/request/thread/"), "text": TYPED}


def press_refresh(page: bytes) -> tuple[str, Sent]:
    return "/request/thread/", {**press_write(page)[1], "look": "1"}


def press_close(page: bytes) -> tuple[str, Sent]:
    return "/request/close/", {**fields_on(page, "/request/close/"), "own_words": TYPED}


@pytest.mark.parametrize("press", [press_write, press_refresh, press_close])
def test_after_exit_the_forms_of_the_talk_do_nothing_and_say_nothing(
    officer: Client, contact: OpenRequest, press: Callable[[bytes], tuple[str, Sent]]
) -> None:
    address, sent = press(return_by_receipt(officer, contact).get("/request/thread/").content)
    copied = officer.cookies["visit"].value
    officer.get("/exit/")
    for browser in (officer, Client()):
        if browser is not officer:
            browser.cookies["visit"] = copied
        assert is_silent(browser.post(address, sent), "I have not slept.", "Ana Alvarez")
        assert browser.get("/request/thread/").status_code == 302
    assert (Request.objects.count(), Message.objects.count()) == (1, 0)


def test_a_copy_of_an_own_phones_cookie_opens_nothing_for_its_seven_days(officer: Client, contact: OpenRequest) -> None:
    return_by_receipt(officer, contact, own_phone="on")
    copy = Client()
    copy.cookies["visit"] = officer.cookies["visit"].value
    assert copy.get("/request/thread/").status_code == 200
    officer.get("/exit/")
    for days in range(8):
        now = timezone.now() + timedelta(days=days)
        with time_machine.travel(now):
            sweep.run(now=now)
            assert copy.get("/request/thread/").status_code == 302, days


def test_after_the_session_ran_out_the_text_is_carried_and_after_exit_no_more(
    officer: Client, contact: OpenRequest
) -> None:
    address, sent = press_write(return_by_receipt(officer, contact).get("/request/thread/").content)
    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        assert TYPED.encode() in officer.post(address, sent).content
        officer.get("/exit/")
        assert is_silent(officer.post(address, sent))


# Several requests in one browser


def test_a_new_request_ends_the_earlier_session_and_its_forms(officer: Client, contact: OpenRequest) -> None:
    address, old = press_write(return_by_receipt(officer, contact).get("/request/thread/").content)
    copied = officer.cookies["visit"].value
    sent = open_form(officer, message="another one")
    words = receipt_on(send(officer, sent))
    assert officer.get("/request/thread/").status_code == 302
    assert is_silent(officer.post(address, old), "I have not slept.")
    officer.cookies["visit"] = copied
    assert officer.get("/request/thread/").status_code == 302, "a copy of the earlier cookie"
    officer.post("/request/return/", {"receipt": " ".join(words)})
    assert officer.get("/request/thread/").status_code == 200
    officer.post(address, old)
    assert Message.objects.count() == 0


def test_a_form_of_another_request_is_not_sent_to_this_one(officer: Client, contact: OpenRequest, ana: Member) -> None:
    address, old = press_write(return_by_receipt(officer, contact).get("/request/thread/").content)
    return_by_receipt(officer, submit_request(message="not theirs"))
    answer = officer.post(address, old)
    assert is_silent(answer) and "This page was left" in answer.content.decode()
    assert Message.objects.count() == 0


def test_returning_to_the_same_request_leaves_its_open_pages_as_they_were(
    officer: Client, contact: OpenRequest
) -> None:
    address, sent = press_write(return_by_receipt(officer, contact).get("/request/thread/").content)
    return_by_receipt(officer, contact)
    officer.post(address, sent)
    assert Message.objects.count() == 1


def test_a_second_request_does_not_show_the_first_ones_receipt(officer: Client, ana: Member) -> None:
    first = open_form(officer)
    words = receipt_on(send(officer, first))
    send(officer, open_form(officer, message="by the next person at this device"))
    assert is_silent(officer.post("/request/", first), words=words)


# The cookie and the rows


def test_looking_leaves_no_cookie_and_no_row(officer: Client, ana: Member) -> None:
    for address in ("/request/", "/request/return/", "/request/thread/", "/"):
        assert not officer.get(address).cookies
    officer.get("/exit/")
    assert SubmittedForm.objects.count() == 0


def test_the_cookie_has_one_size_whatever_was_sent(officer: Client, contact: OpenRequest) -> None:
    sizes = set()
    for _ in range(visits.MOST_FORMS + 2):
        send(officer, open_form(officer, understood=""))
        sizes.add(len(officer.cookies["visit"].value))
    return_by_receipt(officer, contact, own_phone="on")
    assert sizes == {len(officer.cookies["visit"].value)} and max(sizes) < 2000


def test_a_form_for_which_the_cookie_has_no_room_ends_at_once(officer: Client, ana: Member) -> None:
    oldest = open_form(officer, understood="")
    send(officer, oldest)
    for _ in range(visits.MOST_FORMS):
        send(officer, open_form(officer, understood="", message="other words"))
    assert is_silent(officer.post("/request/", oldest))


def test_what_exit_leaves_is_a_hash_and_a_half_day(officer: Client, contact: OpenRequest) -> None:
    return_by_receipt(officer, contact)
    SubmittedForm.objects.all().delete()
    officer.get("/exit/")
    (row,) = SubmittedForm.objects.values()
    assert set(row) == {"mark", "half_day"} and len(row["mark"]) == 32
    officer.get("/exit/")
    assert SubmittedForm.objects.count() == 1


@pytest.mark.sqlite_only
def test_exit_leads_away_though_nothing_can_be_written(officer: Client, contact: OpenRequest) -> None:
    from django.db import connection

    return_by_receipt(officer, contact)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER refuses BEFORE INSERT ON requests_app_submittedform BEGIN SELECT RAISE(ABORT, 'x'); END"
        )
    answer = officer.get("/exit/")
    assert answer.status_code == 302 and officer.cookies["visit"].value == ""


@given(token=st.text(max_size=80) | st.from_regex(r"[A-Za-z0-9_-]{43}=:[A-Za-z0-9]{0,9}:x", fullmatch=True))
def test_any_text_is_a_token_or_none(token: str) -> None:
    assert form_tokens.origin_of(token, *officer_session.FORM_PURPOSES) is None


def test_a_tokens_origin_is_its_visit_and_its_moment_however_old() -> None:
    with time_machine.travel("2026-05-04T12:00:00Z", tick=False):
        token = form_tokens.fresh("write", visit="ab" * 12)
    assert form_tokens.origin_of(token, "request", "write") == form_tokens.Origin("ab" * 12, 1777896000)
    assert form_tokens.origin_of(token, "request") is None, "a token of another kind of form"


def test_every_officers_form_has_a_token_that_is_recognized() -> None:
    used = {submission.TOKEN_PURPOSE, RETURN_PURPOSE, threads.TOKEN_PURPOSE, VISIT_PURPOSE}
    assert set(officer_session.FORM_PURPOSES) == used


def test_nobody_ends_somebody_elses_form_by_its_number(officer: Client, ana: Member) -> None:
    """A form left open on a shared computer: its number can be read there, but not signed."""
    left_open = open_form(officer)
    stranger, (nonce, opened, _) = Client(), str(left_open["token"]).split(":")
    forged = {**left_open, "token": f"{nonce}:{opened}:made-up", "understood": ""}
    send(stranger, forged)
    stranger.get("/exit/")
    receipt_on(send(officer, left_open))
    assert Request.objects.count() == 1


def test_a_copy_of_an_own_phones_cookie_stays_shut_after_exit_from_a_shorter_session(
    officer: Client, contact: OpenRequest
) -> None:
    words, copy, now = " ".join(contact.receipt_words), Client(), timezone.now()
    officer.post("/request/return/", {"receipt": words, "own_phone": "on"})
    copy.cookies = officer.cookies.copy()
    officer.post("/request/return/", {"receipt": words})
    officer.get("/exit/")
    for days in (0, 1, 2, 3, 6):
        with time_machine.travel(now + timedelta(days=days, minutes=5)):
            submitted_forms.delete_expired(timezone.now())
            assert copy.get("/request/thread/").status_code == 302, days


def test_the_cookie_is_that_of_the_visit(officer: Client, ana: Member) -> None:
    send(officer, open_form(officer))
    assert set(officer.cookies) == {officer_session.cookie_name()}
