"""Sensitive acts ask again who is there; the answer counts for ten minutes, here and for this sign-in."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.team.actions import sessions
from peersupport.team.models import Invitation, Member, User
from tests.cast import CAST_PASSWORD, sign_in
from tests.team.passkey import Passkey

QUESTION = "Your password, once more"
INVITED = {
    "name": "Nora “Nell” New",
    "email": "nora@example.org",
    "kind": "sworn",
    "roles": ["coordinator", "clinical_director"],
}
INVITE, ROSTER = "/members/invite/", "/members/roster.csv?x=1"


@pytest.fixture
def asked(client: Client, operator: User) -> Client:
    """The operator's browser, a while after the sign-in."""
    sign_in(client, operator)
    del client.cookies["confirmed"]
    return client


def fields_of(page: str) -> dict[str, list[str]]:
    """The hidden fields of the question, as a browser sends them back."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page):
        found.setdefault(unescape(name), []).append(unescape(value))
    del found["csrfmiddlewaretoken"]
    return found


def test_act_goes_on_in_the_same_request_with_all_that_was_typed(asked: Client) -> None:
    page = asked.post(INVITE, INVITED)
    assert page.status_code == 403 and QUESTION in page.content.decode()
    assert not Invitation.objects.exists()
    kept = fields_of(page.content.decode())
    assert kept == {name: value if isinstance(value, list) else [value] for name, value in INVITED.items()}
    done = asked.post(INVITE, {**kept, "own_password": CAST_PASSWORD})
    assert (done.status_code, done["Location"]) == (302, INVITE)
    assert sorted(Invitation.objects.get().roles) == sorted(INVITED["roles"])


def test_typed_text_of_several_lines_comes_back_as_it_was(asked: Client) -> None:
    page = asked.post(INVITE, {**INVITED, "name": "one\r\ntwo <b>&amp;"})
    assert fields_of(page.content.decode())["name"] == ["one\r\ntwo <b>&amp;"]


def test_answer_counts_for_ten_minutes(asked: Client) -> None:
    asked.post(INVITE, {**INVITED, "own_password": CAST_PASSWORD})
    now = timezone.now()
    with time_machine.travel(now + timedelta(minutes=8)):
        assert asked.post(INVITE, {}).status_code == 200
    with time_machine.travel(now + timedelta(minutes=11)):
        assert asked.post(INVITE, {}).status_code == 403


def test_sign_in_counts_as_an_answer(client: Client, coordinator: User) -> None:
    client.post("/sign-in/", {"login": coordinator.email, "password": CAST_PASSWORD})
    assert client.post(INVITE, {}).status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Please type your password."),
        ("not this one, sorry", "This isn&#x27;t your password. Nothing was done yet."),
    ],
)
def test_wrong_answer_does_nothing_and_keeps_everything(asked: Client, typed: str, said: str) -> None:
    page = asked.post(INVITE, {**INVITED, "own_password": typed})
    text = page.content.decode()
    assert page.status_code == 403 and text.count(said) == 2, "above the form, and at its field"
    assert 'role="alert"' in text and 'aria-invalid="true"' in text
    assert fields_of(text)["email"] == [INVITED["email"]] and (not typed or typed not in text)
    assert "confirmed" not in page.cookies and not Invitation.objects.exists()


def test_guessing_is_counted_and_loses_nothing(asked: Client) -> None:
    for _ in range(5):
        asked.post(INVITE, {"own_password": "not this one, sorry"})
    page = asked.post(INVITE, {**INVITED, "own_password": CAST_PASSWORD})
    assert "There were too many tries." in page.content.decode()
    assert fields_of(page.content.decode())["email"] == [INVITED["email"]]
    assert not Invitation.objects.exists()


def test_file_that_names_people_is_asked_for_and_then_downloaded(
    client: Client, coordinator: User, ana: Member
) -> None:
    sign_in(client, coordinator)
    del client.cookies["confirmed"]
    page = client.get(ROSTER)
    assert page.status_code == 403 and ana.user.email not in page.content.decode()
    assert f'action="{ROSTER}"' in page.content.decode()
    assert client.post(ROSTER, {"own_password": "not this one, sorry"}).status_code == 403
    on = client.post(ROSTER, {"own_password": CAST_PASSWORD})
    assert (on.status_code, on["Location"]) == (302, f"{ROSTER}&starts=")
    starts = client.get(on["Location"]).content.decode()
    assert f'content="1; url={ROSTER}"' in starts and "own_password" not in starts, "a download leaves no page to be"
    assert ana.user.email in client.get(ROSTER).content.decode()


def test_question_that_was_answered_in_another_tab_meanwhile_leads_to_its_own_file(
    client: Client, coordinator: User, ana: Member
) -> None:
    sign_in(client, coordinator)
    del client.cookies["confirmed"]
    workbook = "/members/roster.xlsx"
    assert client.get(ROSTER).status_code == client.get(workbook).status_code == 403
    assert client.post(ROSTER, {"own_password": CAST_PASSWORD}).status_code == 302
    for typed in (CAST_PASSWORD, ""):
        on = client.post(workbook, {"own_password": typed})
        assert (on.status_code, on["Location"]) == (302, f"{workbook}?starts=")


def test_page_that_starts_a_download_asks_like_the_file_itself(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    del client.cookies["confirmed"]
    page = client.get(f"{ROSTER}&starts=")
    assert page.status_code == 403 and f'action="{ROSTER}"' in page.content.decode()


def test_way_back_leads_to_the_page_before_and_never_to_the_act_itself(asked: Client, ana: Member) -> None:
    def links_back(referrer: str) -> bool:
        page = asked.post("/accounts/1/", {}, headers={"Referer": f"http://testserver{referrer}"}).content.decode()
        return f'<a href="{referrer}">Back, without doing it</a>' in page

    assert links_back("/accounts/") and not links_back("/accounts/1/")


def test_page_with_the_form_opens_without_a_question(asked: Client) -> None:
    assert asked.get(INVITE).status_code == 200


def test_whoever_may_not_is_not_asked(client: Client, ana: Member) -> None:
    sign_in(client, ana)
    del client.cookies["confirmed"]
    assert client.post(INVITE, {}).status_code == client.get(ROSTER).status_code == 404


# Marks that aren't one's own


def test_mark_of_another_person_confirms_nothing(asked: Client, coordinator: User) -> None:
    other = sign_in(Client(), coordinator)
    asked.cookies["confirmed"] = other.cookies["confirmed"].value
    assert asked.post(INVITE, INVITED).status_code == 403


def test_mark_of_another_sign_in_confirms_nothing(asked: Client, operator: User) -> None:
    earlier = sign_in(Client(), operator)
    asked.cookies["confirmed"] = earlier.cookies["confirmed"].value
    assert asked.post(INVITE, INVITED).status_code == 403


def test_mark_of_another_purpose_confirms_nothing(asked: Client) -> None:
    asked.cookies["confirmed"] = asked.cookies["seen"].value
    assert asked.post(INVITE, INVITED).status_code == 403


@pytest.mark.parametrize("value", ["", "x", "é", "29000000:AAAA", ":", "-1:x", "9" * 4000])
def test_made_up_mark_confirms_nothing(asked: Client, value: str) -> None:
    asked.cookies["confirmed"] = value
    assert asked.post(INVITE, INVITED).status_code == 403


def test_changed_minute_confirms_nothing(client: Client, operator: User) -> None:
    sign_in(client, operator)
    minute, _, signature = client.cookies["confirmed"].value.partition(":")
    client.cookies["confirmed"] = f"{int(minute) + 600}:{signature}"
    assert client.post(INVITE, INVITED).status_code == 403


def test_mark_dates_nothing_finer_than_the_minute_and_ends_with_the_browser(client: Client, operator: User) -> None:
    with time_machine.travel(timezone.now().replace(second=0), tick=False) as traveler:
        first = sign_in(client, operator).cookies["confirmed"].value
        traveler.shift(59)
        minute = int(first.partition(":")[0])
        assert minute == int(timezone.now().timestamp()) // 60
    cookie = client.cookies["confirmed"]
    assert (cookie["max-age"], cookie["expires"], cookie["samesite"], cookie["httponly"]) == ("", "", "Strict", True)


def test_mark_is_bound_to_the_host_where_there_is_tls(settings: object, client: Client, operator: User) -> None:
    settings.COOKIE_PREFIX, settings.SESSION_COOKIE_SECURE = "__Host-", True
    answer = client.post("/sign-in/", {"login": operator.email, "password": CAST_PASSWORD}, secure=True)
    for name in ("__Host-confirmed", "__Host-seen"):
        cookie = answer.cookies[name]
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_new_generation_voids_the_mark(client: Client, operator: User) -> None:
    sign_in(client, operator)
    mark = client.cookies["confirmed"].value
    sessions.end_all(user_id=operator.pk)
    operator.refresh_from_db()
    sign_in(client, operator)
    client.cookies["confirmed"] = mark
    assert client.post(INVITE, INVITED).status_code == 403


def test_new_password_is_an_answer(asked: Client) -> None:
    new = "another word by day"
    asked.post("/my-page/password/", {"oldpassword": CAST_PASSWORD, "password1": new, "password2": new})
    assert asked.post(INVITE, {}).status_code == 200


def test_what_is_asked_is_written_nowhere(asked: Client) -> None:
    before = asked.session.items(), User.objects.values().get(), Entry.objects.count()
    asked.post(INVITE, {"own_password": CAST_PASSWORD})
    assert (asked.session.items(), User.objects.values().get(), Entry.objects.count()) == before


def test_errors_of_the_form_are_shown_after_the_answer_and_without_the_password(asked: Client) -> None:
    page = asked.post(INVITE, {**INVITED, "email": "no address", "own_password": CAST_PASSWORD})
    assert page.status_code == 200 and "no address" in page.content.decode()
    assert CAST_PASSWORD not in page.content.decode()


# Passkeys


def options_in(page: str) -> str:
    return unescape(re.search(r'data-own-passkey="([^"]*)"', page).group(1))


def test_without_a_passkey_none_is_offered(asked: Client) -> None:
    assert "own_passkey" not in asked.post(INVITE, INVITED).content.decode()


def test_passkey_does_as_well(asked: Client, operator: User) -> None:
    passkey = Passkey().enroll(operator)
    page = asked.post(INVITE, INVITED).content.decode()
    done = asked.post(INVITE, {**INVITED, "own_password": "", "own_passkey": passkey.answer(options_in(page))})
    assert done.status_code == 302 and Invitation.objects.exists() and "confirmed" in done.cookies


@pytest.mark.parametrize(
    "passkey",
    [
        pytest.param(Passkey(knows_person=False), id="did not recognize the person"),
        pytest.param(Passkey(origin="https://testserver.elsewhere.example"), id="on another site"),
    ],
)
def test_passkey_that_shows_less_is_refused(asked: Client, operator: User, passkey: Passkey) -> None:
    passkey.enroll(operator)
    options = options_in(asked.post(INVITE, INVITED).content.decode())
    page = asked.post(INVITE, {**INVITED, "own_passkey": passkey.answer(options)})
    assert page.status_code == 403 and "The passkey wasn&#x27;t accepted." in page.content.decode()
    assert fields_of(page.content.decode())["email"] == [INVITED["email"]]
    assert not Invitation.objects.exists()


def test_passkey_of_another_person_is_refused(asked: Client, operator: User, coordinator: User) -> None:
    Passkey().enroll(operator)
    options = options_in(asked.post(INVITE, INVITED).content.decode())
    answer = Passkey().enroll(coordinator).answer(options)
    assert asked.post(INVITE, {**INVITED, "own_passkey": answer}).status_code == 403


def test_challenge_of_another_sign_in_is_refused(asked: Client, operator: User) -> None:
    passkey = Passkey().enroll(operator)
    elsewhere = sign_in(Client(), operator)
    del elsewhere.cookies["confirmed"]
    answer = passkey.answer(options_in(elsewhere.post(INVITE, INVITED).content.decode()))
    assert asked.post(INVITE, {**INVITED, "own_passkey": answer}).status_code == 403


def test_old_challenge_is_refused(asked: Client, operator: User) -> None:
    passkey = Passkey().enroll(operator)
    answer = passkey.answer(options_in(asked.post(INVITE, INVITED).content.decode()))
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        assert asked.post(INVITE, {**INVITED, "own_passkey": answer}).status_code == 403


@pytest.mark.parametrize("answer", ["x", "{}", "[]", "null", '"a"', '{"rawId": 1}', '{"response": {}}', "é" * 100])
def test_garbage_is_refused_in_plain_words(asked: Client, operator: User, answer: str) -> None:
    Passkey().enroll(operator)
    page = asked.post(INVITE, {**INVITED, "own_passkey": answer})
    assert page.status_code == 403 and "The passkey wasn&#x27;t accepted." in page.content.decode()
