"""The signature of a confirmed key: what it binds, and how it outlives a change of the host secret."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from peersupport.audit.models import Entry
from peersupport.team import key_confirmation
from peersupport.team.actions import keys
from peersupport.team.key_confirmation import ConfirmedKey
from peersupport.team.models import Member, MemberKey, User
from peersupport.team.queries import eligibility

TODAY = date(2026, 3, 10)
KEY = ConfirmedKey(member_id=1, user_id=2, key_id=3, public_key=bytes(range(32)))


def test_known_answer(settings: Any) -> None:
    """HKDF-SHA256 (RFC 5869) and HMAC-SHA256 (RFC 2104), calculated apart from this code with HMAC alone."""
    settings.HOST_SECRET = "a host secret for one test only"
    expected = "0121616e4f0ca459620616bc3c6a9fd87f02f96fc75bb7d5da7a9828bc594794b1"
    assert key_confirmation.confirmation_of(KEY).hex() == expected
    assert len(key_confirmation.confirmation_of(KEY)) == key_confirmation.CONFIRMATION_SIZE


@pytest.mark.parametrize(
    "change",
    [{"member_id": 2}, {"user_id": 1}, {"key_id": 4}, {"public_key": bytes(32)}],
    ids=str,
)
def test_confirmation_holds_for_one_key_only(change: dict[str, int]) -> None:
    confirmation = key_confirmation.confirmation_of(KEY)
    assert key_confirmation.verifies(confirmation, KEY)
    assert not key_confirmation.verifies(confirmation, KEY._replace(**change))


@pytest.mark.parametrize("position", [0, 1, key_confirmation.CONFIRMATION_SIZE - 1])
def test_altered_confirmation_does_not_verify(position: int) -> None:
    altered = bytearray(key_confirmation.confirmation_of(KEY))
    altered[position] ^= 1
    assert not any(key_confirmation.verifies(made, KEY) for made in (bytes(altered), bytes(altered[1:]), b""))


def moved_to_another_member(ana: Member, ben: Member) -> None:
    MemberKey.objects.filter(member=ben).delete()
    MemberKey.objects.filter(member=ana).update(member=ben)


def moved_to_another_account(ana: Member, ben: Member) -> None:
    stranger = User.objects.create(name="Stranger", email="stranger@example.org", is_member=True)
    Member.objects.filter(pk=ana.pk).update(user=stranger)


def moved_to_another_key_id(ana: Member, ben: Member) -> None:
    MemberKey.objects.filter(member=ana).update(id=1000)


def taken_back_into_use(ana: Member, ben: Member) -> None:
    keys.retire_key(ana)
    MemberKey.objects.filter(member=ana).update(is_retired=False)


@pytest.mark.parametrize(
    ("change", "serving"),
    [
        (moved_to_another_member, []),
        (moved_to_another_account, ["Ben Brandt"]),
        (moved_to_another_key_id, ["Ben Brandt"]),
        (taken_back_into_use, ["Ben Brandt"]),
    ],
)
def test_confirmed_key_serves_only_where_it_was_confirmed(
    ana: Member, ben: Member, change: Callable[[Member, Member], None], serving: list[str]
) -> None:
    assert eligibility.can_serve(ana) and eligibility.can_serve(ben)
    change(ana, ben)
    assert [member.user.name for member in eligibility.members_who_can_serve(TODAY)] == serving


def test_open_contacts_stay_with_whose_key_does_not_verify(ana: Member) -> None:
    MemberKey.objects.update(confirmation=b"")
    assert not eligibility.can_serve(ana)
    assert eligibility.confirmed_keys(TODAY) == {ana.pk: ana.current_key.pk}


def test_replaced_host_secret(ana: Member, ben: Member, settings: Any) -> None:
    """What verifies under the old secret is signed under the new one; what was forged in the meantime is not."""
    settings.HOST_SECRET, settings.HOST_SECRET_FALLBACKS = "the next host secret", [settings.HOST_SECRET]
    assert eligibility.can_serve(ana) and eligibility.can_serve(ben)
    MemberKey.objects.filter(member=ben).update(public_key=bytes(range(32)))
    before = MemberKey.objects.values().get(member=ben)

    assert keys.sign_again() == (1, 1)
    assert MemberKey.objects.values().get(member=ben) == before
    assert list(Entry.objects.values_list("action", "by", "about")) == [("keys_signed_again", None, "")]
    settings.HOST_SECRET_FALLBACKS = []
    assert eligibility.can_serve(ana) and not eligibility.can_serve(ben)


def test_without_the_old_secret_nothing_is_signed_again(ana: Member, settings: Any) -> None:
    settings.HOST_SECRET = "the next host secret"
    assert not eligibility.can_serve(ana)
    assert keys.sign_again() == (0, 1)
    assert not eligibility.can_serve(ana)
