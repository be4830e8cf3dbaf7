"""Changing and resetting a password: the member's key is kept, or replaced on purpose."""

import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.sealing.envelope import CannotOpen
from peersupport.team import key_pair, session_keys
from peersupport.team.actions import keys
from peersupport.team.models import Member, MemberKey, QueuedMail, Tries, User
from peersupport.team.queries import eligibility, members
from tests.cast import CAST_PASSWORD, recovery_code_of, request_of, sign_in

NEW = "another word by day"


def opens(member: Member, password: str) -> bytes:
    return key_pair.open_by_password(MemberKey.objects.get(member=member, is_retired=False).pair, password)


def audited() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("action", flat=True))


# Changing


def change(client: Client, **typed: str) -> object:
    return client.post("/my-page/password/", {"oldpassword": CAST_PASSWORD, "password1": NEW, "password2": NEW} | typed)


def test_change_keeps_the_key_and_the_session(client: Client, ana: Member, ana_key: bytes) -> None:
    sign_in(client, ana)
    assert change(client)["Location"] == "/my-page/"
    assert opens(ana, NEW) == ana_key
    with pytest.raises(CannotOpen):
        opens(ana, CAST_PASSWORD)
    assert session_keys.unlocked_key(request_of(client, ana.user)) == ana_key
    assert "Your new password is set." in client.get("/my-page/").content.decode()
    assert audited() == ["password_changed"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"oldpassword": "not this one, sorry"}, "This isn&#x27;t your current password."),
        ({"password2": "another"}, "You must type the same password each time."),
        ({"password1": "short", "password2": "short"}, "This password is too short."),
        ({"password1": "password1234", "password2": "password1234"}, "This password is too common."),
        ({"password1": "ana@example.org", "password2": "ana@example.org"}, "too similar"),
    ],
)
def test_invalid_change_shows_why_and_changes_nothing(
    client: Client, ana: Member, typed: dict[str, str], said: str
) -> None:
    sign_in(client, ana)
    before = MemberKey.objects.values().get(), User.objects.values().get(pk=ana.user.pk)
    assert said in change(client, **typed).content.decode()
    assert (MemberKey.objects.values().get(), User.objects.values().get(pk=ana.user.pk)) == before
    assert audited() == []


def test_change_without_a_key(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    assert change(client).status_code == 302
    coordinator.refresh_from_db()
    assert coordinator.check_password(NEW)


def test_password_and_key_change_together_or_not_at_all(ana: Member) -> None:
    with pytest.raises(CannotOpen):
        keys.change_password(user_id=ana.user.pk, old="wrong", new=NEW)
    ana.user.refresh_from_db()
    assert ana.user.check_password(CAST_PASSWORD) and opens(ana, CAST_PASSWORD)


# Forgetting


@pytest.fixture
def link(client: Client, ana: Member, mailoutbox: list, django_capture_on_commit_callbacks: object) -> str:
    """The page behind the mailed link, as a browser reaches it."""
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/sign-in/forgot/", {"email": "Ana@example.org"})
    assert answer["Location"] == "/sign-in/forgot/sent/"
    (mail,) = mailoutbox
    (address,) = re.findall(r"http://testserver(/sign-in/forgot/\S+/)", mail.body)
    assert client.get(address).status_code == 200
    return address


def reset(client: Client, link: str, **typed: str) -> object:
    return client.post(link, {"password1": NEW, "password2": NEW} | typed)


def test_reset_with_the_recovery_code_keeps_the_key(client: Client, link: str, ana: Member, ana_key: bytes) -> None:
    typed = recovery_code_of(ana).upper().replace(" ", "-") + " "
    assert reset(client, link, recovery_code=typed)["Location"] == "/sign-in/forgot/done/"
    assert opens(ana, NEW) == ana_key
    assert members.member_for(ana.user).current_key.confirmed_on is not None
    assert audited() == ["password_reset"]


@pytest.mark.parametrize("typed", ["", "abacus abdomen", "abacus " * 8, "🙂", "\u202eabacus", "a" * 500])
def test_reset_with_a_wrong_code_changes_nothing(
    client: Client, link: str, ana: Member, ana_key: bytes, typed: str
) -> None:
    answer = reset(client, link, recovery_code=typed).content.decode()
    assert "These words don&#x27;t open your key." in answer or "Type your recovery code" in answer
    assert f'value="{typed}"' in answer or not typed, "what was typed is lost"
    assert opens(ana, CAST_PASSWORD) == ana_key
    ana.user.refresh_from_db()
    assert ana.user.check_password(CAST_PASSWORD)
    assert audited() == []


def test_reset_without_the_code_makes_a_new_key(client: Client, link: str, ana: Member, ana_key: bytes) -> None:
    answer = reset(client, link, has_no_code="on").content.decode()
    code = re.search(r'id="recovery-code"[^>]*>(.*?)</p>', answer, re.DOTALL)
    words = re.findall(r"<span>(\w+)</span>", code.group(1))
    old, new = MemberKey.objects.order_by("pk")
    assert old.is_retired
    assert [bytes(old.pair.sealed_by_password), bytes(old.pair.sealed_by_recovery)] == [b"", b""]
    assert (new.is_retired, new.recovery_checked, new.confirmed_on) == (False, False, None)
    assert key_pair.open_by_recovery_code(new.pair, " ".join(words)) == opens(ana, NEW) != ana_key
    assert eligibility.members_who_can_serve(ana.designated_on).count() == 0
    assert audited() == ["key_made", "password_reset"]


def test_right_code_is_used_even_if_the_box_is_ticked(client: Client, link: str, ana: Member, ana_key: bytes) -> None:
    reset(client, link, has_no_code="on", recovery_code=recovery_code_of(ana))
    assert opens(ana, NEW) == ana_key


def test_link_works_once(client: Client, link: str, ana: Member) -> None:
    reset(client, link, recovery_code=recovery_code_of(ana))
    again = reset(client, link, has_no_code="on")
    assert "This link no longer works" in again.content.decode()
    assert MemberKey.objects.count() == 1


def test_invalid_link_shows_a_clear_page(client: Client, db: None) -> None:
    answer = client.get("/sign-in/forgot/1/abc-def/")
    assert answer.status_code == 200
    assert "This link no longer works" in answer.content.decode()


def test_failed_attempts_are_forgotten_after_a_reset(client: Client, link: str, ana: Member) -> None:
    for _ in range(6):
        client.post("/sign-in/", {"login": ana.user.email, "password": "not this one, sorry"})
    reset(client, link, recovery_code=recovery_code_of(ana))
    assert client.post("/sign-in/", {"login": ana.user.email, "password": NEW}).status_code == 302


def test_unknown_address_gets_the_same_answer_and_no_letter(client: Client, db: None, mailoutbox: list) -> None:
    answer = client.post("/sign-in/forgot/", {"email": "nobody@example.org"})
    assert answer["Location"] == "/sign-in/forgot/sent/"
    assert (QueuedMail.objects.count(), len(mailoutbox)) == (0, 0)


def test_former_member_gets_no_link(client: Client, ana: Member) -> None:
    User.objects.filter(pk=ana.user.pk).update(is_active=False)
    client.post("/sign-in/forgot/", {"email": ana.user.email})
    assert QueuedMail.objects.count() == 0


def test_allauth_stores_no_addresses(client: Client, link: str, ana: Member) -> None:
    from allauth.account.models import EmailAddress

    reset(client, link, recovery_code=recovery_code_of(ana))
    client.post("/sign-in/", {"login": ana.user.email, "password": NEW})
    assert EmailAddress.objects.count() == 0


# The recovery code


def test_new_recovery_code_opens_the_same_key_and_must_be_typed_back(
    client: Client, ana: Member, ana_key: bytes
) -> None:
    sign_in(client, ana)
    answer = client.post("/my-page/recovery-code/new/", {"password": CAST_PASSWORD}).content.decode()
    code = " ".join(re.findall(r"<span>(\w+)</span>", answer)[-8:])
    key = MemberKey.objects.get()
    assert key_pair.open_by_recovery_code(key.pair, code) == ana_key
    assert not key.recovery_checked
    with pytest.raises(CannotOpen):
        key_pair.open_by_recovery_code(key.pair, recovery_code_of(ana))

    wrong = client.post("/my-page/recovery-code/", {"code": "abacus abdomen"}).content.decode()
    assert "These words don&#x27;t open your key." in wrong and 'value="abacus abdomen"' in wrong
    client.post("/my-page/recovery-code/", {"code": code})
    assert MemberKey.objects.get().recovery_checked
    assert audited() == ["recovery_code_renewed", "recovery_code_checked"]


def test_new_recovery_code_needs_the_password(client: Client, ana: Member) -> None:
    sign_in(client, ana)
    answer = client.post("/my-page/recovery-code/new/", {"password": "not this one, sorry"})
    assert "This password doesn&#x27;t open your key." in answer.content.decode()
    assert MemberKey.objects.get().recovery_checked


def test_guessing_a_password_at_an_open_browser_is_stopped(client: Client, ana: Member) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, ana)
        statuses = [
            client.post("/my-page/recovery-code/new/", {"password": f"guess number {number}"}).status_code
            for number in range(6)
        ]
        assert statuses == [200] * 5 + [429]
        answer = client.post("/my-page/recovery-code/new/", {"password": CAST_PASSWORD})
        assert answer.status_code == 429 and "Wait 5 seconds" in answer.content.decode()
        clock.shift(6)
        answer = client.post("/my-page/recovery-code/new/", {"password": CAST_PASSWORD})
        assert answer.status_code == 200 and "recovery code" in answer.content.decode()
    assert not Tries.objects.exists()
