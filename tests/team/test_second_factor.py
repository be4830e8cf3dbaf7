"""Adding, using and removing second factors, and what none of it leaves behind."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.utils import timezone

from operations.rotation import lasting
from operations.tasks import forget_expired
from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.sealing import keyring
from peersupport.sealing.envelope import CannotOpen
from peersupport.team import factor_seals, passkeys, second_factor, session_keys
from peersupport.team.actions import factors, invitations, lifting, mails, recovery
from peersupport.team.models import Member, Tries, UsedCode, User
from peersupport.team.queries.factors import accounts_without_factor, factors_of
from tests.cast import CAST_PASSWORD, request_of, sign_in, sign_in_directly
from tests.team.own_factors import (
    SECOND_STEP,
    SECRET,
    challenge_of,
    code_now,
    enroll,
    give_app,
    give_backup_codes,
    give_passkey,
    touch_key,
    type_code,
    type_password,
)

NOW = datetime(2026, 3, 10, 18, 0, 5, tzinfo=UTC)
PAGE = "/my-page/second-factor/"


@pytest.fixture(autouse=True)
def noon() -> object:
    """Codes depend on the clock, and no test waits for it."""
    with time_machine.travel(NOW, tick=False) as traveler:
        yield traveler


# The second step


def test_the_password_alone_opens_nothing(client: Client, ana: Member) -> None:
    give_app(ana.user)
    answer = type_password(client, ana.user)
    assert (answer.status_code, answer["Location"]) == (302, SECOND_STEP)
    assert client.get("/desk/")["Location"].startswith("/sign-in/")
    assert client.post("/my-page/password/", {"oldpassword": CAST_PASSWORD})["Location"].startswith("/sign-in/")
    assert "_auth_user_id" not in client.session and session_keys.SESSION_KEY not in client.session
    request = request_of(client, User())
    assert session_keys.unlocked_key(request) is None


def test_the_apps_code_signs_in_and_the_members_key_is_open(client: Client, ana: Member, ana_key: bytes) -> None:
    give_app(ana.user)
    type_password(client, ana.user)
    assert type_code(client, f" {code_now()[:3]} {code_now()[3:]}")["Location"] == "/home/"
    assert session_keys.unlocked_key(request_of(client, ana.user)) == ana_key
    assert second_factor.has_passed(request_of(client, ana.user))


def test_it_leads_to_the_page_that_was_asked_for(client: Client, coordinator: User) -> None:
    give_app(coordinator)
    client.post("/sign-in/?next=/members/", {"login": coordinator.email, "password": CAST_PASSWORD})
    assert type_code(client, code_now())["Location"] == "/members/"


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_code_of_another_half_minute_does_not_fit(client: Client, coordinator: User, seconds: int) -> None:
    give_app(coordinator)
    type_password(client, coordinator)
    answer = type_code(client, code_now(at=NOW + timedelta(seconds=seconds)))
    assert answer.status_code == 200 and "fit" in answer.content.decode()


@pytest.mark.parametrize("typed", ["", "x", "٣٣٣٣٣٣", "0" * 40, "0" * 400, "\0", "é"])
def test_what_is_no_code_gets_a_sentence(client: Client, coordinator: User, typed: str) -> None:
    give_app(coordinator)
    give_backup_codes(coordinator)
    type_password(client, coordinator)
    answer = type_code(client, typed)
    assert answer.status_code == 200 and 'class="error' in answer.content.decode()


def test_an_apps_code_works_once(coordinator: User) -> None:
    give_app(coordinator)
    first, second = Client(), Client()
    for client in (first, second):
        type_password(client, coordinator)
    assert type_code(first, code_now()).status_code == 302
    assert "was used already" in type_code(second, code_now()).content.decode()
    assert "_auth_user_id" not in second.session


def test_the_code_typed_to_add_the_app_counts_as_used(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    page = client.get(f"{PAGE}app/")
    code = code_now(page.context["secret"].replace(" ", ""))
    client.post(f"{PAGE}app/", {"setup": page.context["setup"], "code": code, "password": CAST_PASSWORD})
    other = Client()
    type_password(other, coordinator)
    assert "was used already" in type_code(other, code).content.decode()


def test_used_codes_tell_nothing_and_are_forgotten(client: Client, coordinator: User, noon: object) -> None:
    give_app(coordinator)
    type_password(client, coordinator)
    type_code(client, code_now())
    used = UsedCode.objects.get()
    assert used.over_at == datetime(2026, 3, 10, 19, tzinfo=UTC) and code_now() not in used.mark
    forget_expired()
    assert UsedCode.objects.exists()
    noon.shift(timedelta(hours=1))  # type: ignore[attr-defined]
    forget_expired()
    assert not UsedCode.objects.exists()


def test_a_backup_code_works_once_and_says_how_many_are_left(coordinator: User) -> None:
    give_app(coordinator)
    code = give_backup_codes(coordinator)[3]
    first, second = Client(), Client()
    for client in (first, second):
        type_password(client, coordinator)
    home = first.get(type_code(first, f"{code[:4]} {code[4:]}")["Location"]).content.decode()
    assert "You used a backup code. Left: nine." in home
    assert "fit" in type_code(second, code).content.decode()
    assert factors_of(coordinator).codes_left == 9


def test_a_passkey_signs_in_after_the_password(client: Client, ana: Member, ana_key: bytes) -> None:
    device = touch_key()
    device.enroll(ana.user)
    type_password(client, ana.user)
    challenge = challenge_of(client.get(SECOND_STEP))
    assert challenge_of(client.get(SECOND_STEP)) == challenge, "a second tab makes the first one useless"
    assert client.post(SECOND_STEP, {"credential": device.signed(challenge)})["Location"] == "/home/"
    assert session_keys.unlocked_key(request_of(client, ana.user)) == ana_key


def test_a_passkeys_answer_counts_once_and_only_for_its_own_question(client: Client, coordinator: User) -> None:
    device, stranger = touch_key(), touch_key()
    device.enroll(coordinator)
    type_password(client, coordinator)
    elsewhere = replace(device, origin="https://evil.example")
    old = challenge_of(client.get(SECOND_STEP))

    def is_refused(answer: str) -> bool:
        page = client.post(SECOND_STEP, {"credential": answer})
        return page.status_code == 200 and "open your account" in page.content.decode()

    for other in (stranger, elsewhere):
        assert is_refused(other.signed(challenge_of(client.get(SECOND_STEP))))
    for answer in ("", "{}", "[]", "null", "nonsense", '{"id": 1}', device.signed(old)):
        assert is_refused(answer)
    fresh = challenge_of(client.get(SECOND_STEP))
    assert client.post(SECOND_STEP, {"credential": device.signed(fresh)}).status_code == 302


def test_a_passkey_alone_signs_nobody_in(client: Client, coordinator: User) -> None:
    device = touch_key()
    device.enroll(coordinator)
    assert client.post(SECOND_STEP, {"credential": device.signed("AAAA" * 11)})["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session


def test_wrong_codes_are_slowed_down_and_the_right_one_opens_after_the_wait(client: Client, ana: Member) -> None:
    give_app(ana.user)
    type_password(client, ana.user)
    said = [type_code(client, "000000").content.decode() for _ in range(5)][-1]
    assert "This code doesn&#x27;t fit." in said
    assert "Wait 5 seconds, then type the code" in type_code(client, code_now()).content.decode()
    assert client.get("/my-page/").status_code == 302, "nothing opened"
    with time_machine.travel(timezone.now() + timedelta(seconds=6), tick=False):
        assert type_code(client, code_now()).status_code == 302
        assert client.get("/my-page/").status_code == 200


def test_the_owner_hears_of_ten_wrong_codes_once(client: Client, ana: Member, mailoutbox: list) -> None:
    give_app(ana.user)
    type_password(client, ana.user)
    start = timezone.now().replace(hour=18, minute=0, second=0)
    for number in range(12):
        with time_machine.travel(start + timedelta(minutes=2 * number), tick=False):
            type_code(client, "000000")
        mails.send_mails()
        assert len(mailoutbox) == (number >= 9)
    assert mailoutbox[0].to == ["ana@example.org"] and "someone knows your password" in mailoutbox[0].body


def test_who_has_no_app_reads_nothing_of_one(client: Client, coordinator: User) -> None:
    give_passkey(coordinator)
    give_backup_codes(coordinator)
    type_password(client, coordinator)
    said = [type_code(client, "00000000").context["form"].errors["code"][0] for _ in range(6)]
    assert "Type a backup code" in said[0] and "then type your backup code again" in said[5]
    assert not [sentence for sentence in said if "app" in sentence]


def test_passkeys_are_not_held_up_by_somebody_who_guesses_codes(client: Client, ana: Member) -> None:
    device = touch_key()
    give_app(ana.user)
    device.enroll(ana.user)
    for _ in range(2):
        type_password(client, ana.user)
        for _ in range(4):
            type_code(client, "000000")
    type_password(client, ana.user)
    answer = client.post(SECOND_STEP, {"credential": device.signed(challenge_of(client.get(SECOND_STEP)))})
    assert answer.status_code == 302


def test_somebody_else_can_begin_anew_and_the_members_key_goes(client: Client, ana: Member) -> None:
    give_app(ana.user)
    type_password(client, ana.user)
    client.post("/sign-out/")
    assert client.cookies["peerkey"].value == "" and "account_login" not in client.session
    assert client.get("/sign-in/").status_code == 200


def changed_password(user: User) -> None:
    user.set_password("another word entirely")
    user.save()


def deactivated(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def lifted(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()


@pytest.mark.parametrize("what", [changed_password, deactivated, lifted])
def test_what_happened_since_the_password_ends_the_sign_in(client: Client, ana: Member, what: object) -> None:
    give_app(ana.user)
    type_password(client, ana.user)
    what(ana.user)  # type: ignore[operator]
    assert type_code(client, code_now())["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session and client.cookies["peerkey"].value == ""


@pytest.mark.parametrize("stale", [None, 7, "x", {"user_pk": None}])
def test_a_stale_sign_in_in_the_session_leads_back_to_the_password(client: Client, coordinator: User, stale) -> None:
    give_app(coordinator)
    type_password(client, coordinator)
    session = client.session
    session["account_login"] = stale
    session.save()
    assert client.get(SECOND_STEP)["Location"] == "/sign-in/"


def test_there_is_no_hurry(client: Client, coordinator: User, noon: object) -> None:
    give_app(coordinator)
    type_password(client, coordinator)
    noon.shift(timedelta(hours=6))  # type: ignore[attr-defined]
    assert type_code(client, code_now()).status_code == 302


# What is left behind


def test_neither_step_records_when_it_was(client: Client, ana: Member) -> None:
    give_app(ana.user)
    device = touch_key()
    device.enroll(ana.user)
    type_password(client, ana.user)
    seconds = str(int(time.time()))
    pending = json.dumps(Session.objects.get().get_decoded())
    assert seconds not in pending and ana.user.email not in pending
    type_code(client, code_now())
    client.post("/sign-out/")
    type_password(client, ana.user)
    client.post(SECOND_STEP, {"credential": device.signed(challenge_of(client.get(SECOND_STEP)))})
    client.post(f"{PAGE}backup-codes/", {"password": CAST_PASSWORD, "replaced_id": 0})
    signed_in = json.dumps(Session.objects.get().get_decoded())
    assert seconds not in signed_in and "challenge" not in signed_in
    assert not Authenticator.objects.filter(last_used_at__isnull=False).exists()


def test_a_right_code_leaves_no_row_in_the_count_of_wrong_ones(client: Client, coordinator: User) -> None:
    give_app(coordinator)
    type_password(client, coordinator)
    type_code(client, "000000")
    assert Tries.objects.exists()
    type_code(client, code_now())
    assert not Tries.objects.exists()


def test_the_secrets_are_sealed_and_stand_in_no_session(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    page = client.get(f"{PAGE}app/")
    secret = page.context["secret"].replace(" ", "")
    enroll(client, coordinator)
    rows = json.dumps([row.data for row in Authenticator.objects.all()])
    sessions = json.dumps([row.get_decoded() for row in Session.objects.all()])
    seed = get_adapter().decrypt(Authenticator.objects.get(type="recovery_codes").data["seed"])
    stored = get_adapter().decrypt(Authenticator.objects.get(type="totp").data["secret"])
    for text in (secret, seed, stored):
        assert len(text) >= 32 and text not in rows + sessions


# Adding


def test_the_first_factor_comes_with_backup_codes_and_they_are_shown_once(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    key_before = client.session.session_key
    codes = enroll(client, coordinator)
    assert len(set(codes)) == 10 and client.session.session_key != key_before
    assert factors_of(coordinator).are_codes_kept and second_factor.has_passed(request_of(client, coordinator))
    page = client.get(PAGE).content.decode()
    assert not [code for code in codes if code in page or f"{code[:4]} {code[4:]}" in page]
    assert [entry.action for entry in Entry.objects.order_by("pk")] == ["second_factor_added"]


def test_a_new_app_takes_the_place_of_the_old_one(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    enroll(client, coordinator)
    before = Authenticator.objects.get(type="totp").data
    page = client.get(f"{PAGE}app/")
    code = code_now(page.context["secret"].replace(" ", ""))
    answer = client.post(f"{PAGE}app/", {"setup": page.context["setup"], "code": code, "password": CAST_PASSWORD})
    assert answer.status_code == 302
    assert Authenticator.objects.get(type="totp").data != before
    assert Entry.objects.filter(action="second_factor_replaced").count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"code": "000000"}, "fit"), ({"password": "not mine"}, "your password"), ({"code": ""}, "type the code")],
)
def test_a_slip_while_adding_an_app_keeps_the_same_secret(client: Client, coordinator: User, changed, said) -> None:
    sign_in_directly(client, coordinator)
    page = client.get(f"{PAGE}app/")
    code = code_now(page.context["secret"].replace(" ", ""))
    typed = {"setup": page.context["setup"], "code": code, "password": CAST_PASSWORD}
    again = client.post(f"{PAGE}app/", {**typed, **changed})
    assert said in again.content.decode() and not Authenticator.objects.exists()
    assert again.context["secret"] == page.context["secret"]


def test_a_page_of_somebody_else_adds_nothing(client: Client, coordinator: User, ana: Member) -> None:
    sign_in_directly(client, ana.user)
    page = client.get(f"{PAGE}app/")
    code = code_now(page.context["secret"].replace(" ", ""))
    sign_in_directly(client, coordinator)
    for setup in (page.context["setup"], "", "AAAA", "é", "="):
        client.post(f"{PAGE}app/", {"setup": setup, "code": code, "password": CAST_PASSWORD})
    assert not Authenticator.objects.exists()


def test_a_passkey_is_added_named_and_never_twice(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    page, device = client.get(f"{PAGE}passkey/"), touch_key()
    options = json.loads(page.context["options"])
    assert (options["rp"]["id"], options["rp"]["name"]) == ("testserver", "Peer Support")
    typed = {
        "setup": page.context["setup"], "credential": device.made(challenge_of(page)), "name": "My phone",
        "password": CAST_PASSWORD,
    }  # fmt: skip
    slip = client.post(f"{PAGE}passkey/", {**typed, "password": "not mine"})
    assert slip.context["credential"] == typed["credential"], "a second passkey would be made on the device"
    shown = client.post(f"{PAGE}passkey/", {**typed, "setup": slip.context["setup"]})
    assert len(shown.context["codes"]) == 10
    again = client.get(f"{PAGE}passkey/")
    excluded = json.loads(again.context["options"])["excludeCredentials"]
    assert [each["id"] for each in excluded] == [json.loads(typed["credential"])["id"]]
    twice = {**typed, "setup": again.context["setup"], "credential": device.made(challenge_of(again))}
    assert "on your list already" in client.post(f"{PAGE}passkey/", twice).content.decode()
    factor = Authenticator.objects.get(type="webauthn")
    client.post(f"{PAGE}{factor.pk}/name/", {"name": "The old phone"})
    assert "The old phone" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "nonsense", '{"id":"AA","rawId":"AA","response":{}}'])
def test_what_is_no_passkey_gets_a_sentence(client: Client, coordinator: User, answer: str) -> None:
    sign_in_directly(client, coordinator)
    page = client.get(f"{PAGE}passkey/")
    typed = {"setup": page.context["setup"], "credential": answer, "name": "x", "password": CAST_PASSWORD}
    shown = client.post(f"{PAGE}passkey/", typed)
    assert "No passkey was made" in shown.content.decode() and shown.context["credential"] == ""
    assert not Authenticator.objects.exists()


def test_the_host_header_names_nothing(settings, coordinator: User) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://peer.example.org", ["*"]
    client = Client(headers={"host": "evil.example"})
    sign_in_directly(client, coordinator)
    options = json.loads(client.get(f"{PAGE}passkey/").context["options"])
    assert options["rp"]["id"] == "peer.example.org"
    assert "evil" not in client.get(f"{PAGE}app/").context["app_address"]
    assert passkeys.site_origin() == "https://peer.example.org"
    settings.SITE_URL = "https://peer.example.org:443/"
    assert passkeys.site_origin() == "https://peer.example.org"


def test_a_session_that_has_not_passed_adds_nothing_to_an_account_that_has_one(coordinator: User) -> None:
    """Two sessions of one password, open before there was a factor; and the same at the same moment."""
    first, second = Client(), Client()
    for client in (first, second):
        sign_in_directly(client, coordinator)
    page = second.get(f"{PAGE}app/")
    enroll(first, coordinator)
    code = code_now(page.context["secret"].replace(" ", ""))
    answer = second.post(f"{PAGE}app/", {"setup": page.context["setup"], "code": code, "password": CAST_PASSWORD})
    assert answer["Location"] == "/sign-in/" and "_auth_user_id" not in second.session
    with pytest.raises(Refused, match="in the meantime"):
        factors.add_app(by=coordinator, secret=SECRET, code=code_now(), now=NOW, has_passed=False)
    with pytest.raises(Refused, match="in the meantime"):
        factors.add_passkey(by=coordinator, key={"id": "x"}, name="x", has_passed=False)


# Removing, new codes


def test_the_last_factor_stays_where_one_is_required(settings, coordinator: User) -> None:
    settings.SECOND_FACTOR_IS_REQUIRED = True
    app, passkey = give_app(coordinator), give_passkey(coordinator)
    give_backup_codes(coordinator)
    factors.remove(by=coordinator, factor_id=app.pk)
    with pytest.raises(Refused, match="at least one"):
        factors.remove(by=coordinator, factor_id=passkey.pk)
    assert sorted(Authenticator.objects.values_list("type", flat=True)) == ["recovery_codes", "webauthn"]


def test_without_a_factor_the_backup_codes_go_too(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    enroll(client, coordinator)
    app = Authenticator.objects.get(type="totp")
    assert client.post(f"{PAGE}{app.pk}/remove/", {"password": "not mine"}).status_code == 200
    assert Authenticator.objects.count() == 2
    client.post(f"{PAGE}{app.pk}/remove/", {"password": CAST_PASSWORD})
    assert not Authenticator.objects.exists() and accounts_without_factor() == User.objects.count()
    assert "second_factor_removed" in Entry.objects.values_list("action", flat=True)


def test_backup_codes_alone_are_no_second_factor(client: Client, coordinator: User) -> None:
    give_backup_codes(coordinator)
    assert not second_factor.enrolled(coordinator)
    assert type_password(client, coordinator)["Location"] == "/home/"
    with pytest.raises(Refused, match="Add one of these first"):
        factors.new_backup_codes(by=coordinator, replaced_id=0)


def test_a_first_factor_ends_backup_codes_that_are_left_from_before(client: Client, coordinator: User) -> None:
    left = give_backup_codes(coordinator)
    sign_in_directly(client, coordinator)
    codes = enroll(client, coordinator)
    assert len(codes) == 10 and not set(codes) & set(left)


def test_new_backup_codes_need_the_password_and_end_the_old_ones(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    old = enroll(client, coordinator)
    typed = {"password": CAST_PASSWORD, "replaced_id": factors_of(coordinator).codes_id}
    assert "codes" not in client.post(f"{PAGE}backup-codes/", {**typed, "password": "not mine"}).context
    shown = client.post(f"{PAGE}backup-codes/", typed)
    new = [code.replace(" ", "") for code in shown.context["codes"]]
    assert len(set(new)) == 10 and not set(new) & set(old)
    with pytest.raises(factors.WrongCode):
        factors.use_code(user=coordinator, typed=old[0], now=NOW)
    assert factors.use_code(user=coordinator, typed=new[0], now=NOW) == factors.Used(9)


def test_a_press_that_is_sent_again_makes_no_other_codes(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    enroll(client, coordinator)
    page = client.get(f"{PAGE}backup-codes/")
    typed = {"password": CAST_PASSWORD, "replaced_id": page.context["form"]["replaced_id"].value()}
    code = client.post(f"{PAGE}backup-codes/", typed).context["codes"][0]
    again = client.post(f"{PAGE}backup-codes/", typed)
    assert "codes" not in again.context and "were made a moment ago" in again.content.decode()
    assert Entry.objects.filter(action="backup_codes_made").count() == 1
    assert factors.use_code(user=coordinator, typed=code, now=NOW) == factors.Used(9)
    others = {**typed, "replaced_id": again.context["form"]["replaced_id"].value()}
    assert len(client.post(f"{PAGE}backup-codes/", others).context["codes"]) == 10
    assert "codes" not in client.post(f"{PAGE}backup-codes/", {"password": CAST_PASSWORD}).context


def test_who_left_the_page_of_the_codes_can_still_say_that_they_have_them(client: Client, coordinator: User) -> None:
    give_app(coordinator)
    sign_in_directly(client, coordinator)
    assert client.get(f"{PAGE}backup-codes/kept/")["Location"] == "/sign-in/", "not before the second step"
    type_password(client, coordinator)
    type_code(client, code_now())
    assert client.get(f"{PAGE}backup-codes/kept/")["Location"] == f"{PAGE}backup-codes/", "there are none"
    give_backup_codes(coordinator, kept=False)
    assert f"{PAGE}backup-codes/kept/" in client.get(PAGE).content.decode()
    assert "Check the box" not in client.get(f"{PAGE}backup-codes/kept/").content.decode()
    client.post(f"{PAGE}backup-codes/kept/", {"is_kept": "on"})
    assert factors_of(coordinator).are_codes_kept


def test_who_types_a_backup_code_has_them_on_paper(coordinator: User) -> None:
    give_app(coordinator)
    code = give_backup_codes(coordinator, kept=False)[0]
    factors.use_code(user=coordinator, typed=code, now=NOW)
    assert factors_of(coordinator).are_codes_kept


def test_the_only_one_shows_no_form_where_one_is_required(settings, client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    enroll(client, coordinator)
    page = f"{PAGE}{Authenticator.objects.get(type='totp').pk}/remove/"
    assert 'type="password"' in client.get(page).content.decode()
    settings.SECOND_FACTOR_IS_REQUIRED = True
    said = client.get(page).content.decode()
    assert "Add another first" in said and 'type="password"' not in said


def test_its_page_says_that_somebody_asked_to_lift_it(client: Client, director: User, coordinator: User) -> None:
    give_app(director)
    give_backup_codes(director)
    type_password(client, director)
    type_code(client, code_now())
    asked = "Someone asked to lift your second factor."
    assert asked not in client.get(PAGE).content.decode()
    lifting.ask(user_id=director.pk, by=coordinator)
    for address in (PAGE, "/home/", "/my-page/"):
        assert asked in client.get(address).content.decode()


def test_exit_leaves_no_half_sign_in(client: Client, coordinator: User) -> None:
    give_app(coordinator)
    assert 'class="exit"' in client.get("/sign-in/").content.decode()
    type_password(client, coordinator)
    said = client.get(SECOND_STEP).content.decode()
    assert 'class="exit"' not in said and "Sign in as someone else" in said


def test_somebody_elses_factor_is_not_there(client: Client, coordinator: User, ana: Member) -> None:
    theirs = give_passkey(ana.user)
    sign_in_directly(client, coordinator)
    for address in (f"{PAGE}{theirs.pk}/name/", f"{PAGE}{theirs.pk}/remove/"):
        assert client.post(address, {"name": "x", "password": CAST_PASSWORD}).status_code == 404
    factors.remove(by=coordinator, factor_id=theirs.pk)
    assert Authenticator.objects.get().data["name"] == "My phone"


# Sealing


def test_the_secret_is_renewed_and_all_is_sealed_anew(coordinator: User, own_keyring: Path) -> None:
    give_app(coordinator)
    give_passkey(coordinator)
    code = give_backup_codes(coordinator)[0]
    first, before = keyring.lasting("second-factor"), {row.pk: row.data for row in Authenticator.objects.all()}
    lasting.rotate("second-factor", now=NOW)
    rows = {row.pk: row for row in Authenticator.objects.all()}
    changed = {rows[pk].type for pk in rows if rows[pk].data != before[pk]}
    assert changed == {"totp", "recovery_codes"}
    with pytest.raises(CannotOpen):
        factor_seals.open_stored(next(row for row in rows.values() if row.type == "totp").data["secret"], [first])
    assert factors.use_code(user=coordinator, typed=code, now=NOW).backup_codes_left == 9
    assert factors.use_code(user=coordinator, typed=code_now(), now=NOW) == factors.Used(None)
    assert next(row for row in rows.values() if row.type == "recovery_codes").data["kept"] is True


def test_a_lost_secret_lets_nobody_in_and_breaks_no_page(client: Client, coordinator: User) -> None:
    give_app(coordinator)
    code = give_backup_codes(coordinator)[0]
    keyring.replace_lasting("second-factor", b"x" * 32)
    type_password(client, coordinator)
    for typed in (code_now(), code, ""):
        assert type_code(client, typed).status_code == 200
    assert "_auth_user_id" not in client.session


# The reset, and the command of the operator


def test_a_reset_neither_lifts_nor_passes_the_factor(client: Client, ana: Member) -> None:
    give_app(ana.user)
    link = recovery.send_new_password_link(email=ana.user.email)
    typed = {"password1": "rain on the old roof", "password2": "rain on the old roof", "has_no_code": "on"}
    client.post(link.removeprefix("http://testserver"), typed)
    assert "_auth_user_id" not in client.session and second_factor.enrolled(ana.user)
    answer = client.post("/sign-in/", {"login": ana.user.email, "password": typed["password1"]})
    assert answer["Location"] == SECOND_STEP
    assert client.get("/desk/")["Location"].startswith("/sign-in/")


def test_an_invitation_to_an_old_account_passes_nothing(client: Client, director: User) -> None:
    give_app(director)
    User.objects.filter(pk=director.pk).update(is_active=False)
    token = invitations.invite(email=director.email, name="Dora", roles=[Role.CLINICAL_DIRECTOR], by=None)
    typed = {"password1": "rain on the old roof", "password2": "rain on the old roof"}
    client.post(f"/invitation/{token}/", typed)
    answer = client.post("/sign-in/", {"login": director.email, "password": typed["password1"]})
    assert answer["Location"] == SECOND_STEP


def test_the_marks_of_a_session_count_for_its_own_account(client: Client, coordinator: User, operator: User) -> None:
    request = RequestFactory().get("/")
    sign_in_directly(client, coordinator)
    request.session, request.user = client.session, operator
    second_factor.mark(request, user_id=coordinator.pk, has_codes_to_keep=False)
    assert not second_factor.has_passed(request)


def test_signing_in_without_a_factor_sets_no_mark(client: Client, ana: Member) -> None:
    sign_in(client, ana)
    assert second_factor.SESSION_KEY not in client.session
