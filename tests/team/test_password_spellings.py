"""One password, however a keyboard spells it: macOS sends "é" as two characters, most others as one."""

import unicodedata

import pytest
from django.contrib.auth import hashers
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client

from peersupport.access.permissions import Role
from peersupport.sealing import envelope
from peersupport.sealing.envelope import CannotOpen
from peersupport.team import key_pair, session_keys
from peersupport.team.actions import invitations, keys
from peersupport.team.models import Member, MemberKey, User
from tests.cast import CAST_PASSWORD, recovery_code_of, request_of, sign_in, sign_in_directly

pytestmark = pytest.mark.django_db
NFC = "caf\u00e9 \u1ebf au matin"
NFD = unicodedata.normalize("NFD", NFC)
MIXED = NFC.replace("\u1ebf", "\u00ea\u0301")  # as Vietnamese keyboards on Windows send it: neither of the two
SPELLINGS = {"composed": NFC, "decomposed": NFD, "mixed": MIXED}
by_spelling = pytest.mark.parametrize("typed", SPELLINGS.values(), ids=SPELLINGS)


def opens_exactly(member: Member, password: str) -> bytes:
    """The private key under these very characters."""
    pair = MemberKey.objects.get(member=member, is_retired=False).pair
    key = envelope.password_key(password, pair.password_salt)
    context = envelope.context("member key", "password", bytes(pair.public_key))
    return envelope.open_sealed(key, bytes(pair.sealed_by_password), context=context)


def is_normalized(user: User) -> bool:
    user.refresh_from_db()
    return check_password(NFC, user.password) and not check_password(NFD, user.password)


@pytest.fixture
def ana_of_before(ana: Member, ana_key: bytes, request: pytest.FixtureRequest) -> Member:
    """Ana, whose password was stored as she typed it, before the program normalized."""
    return as_typed_before(ana, ana_key, request.param)


def as_typed_before(member: Member, private_key: bytes, typed: str) -> Member:
    User.objects.filter(pk=member.user_id).update(password=make_password(typed))
    copy = key_pair._seal(private_key, typed, "password")
    MemberKey.objects.filter(member=member).update(password_salt=copy.salt, sealed_by_password=copy.sealed)
    member.user.refresh_from_db()
    return member


def signs_in(client: Client, user: User, typed: str) -> bool:
    return client.post("/sign-in/", {"login": user.email, "password": typed}).status_code == 302


@by_spelling
def test_invitation_makes_hash_and_key_that_every_spelling_opens(client: Client, coordinator: User, typed: str) -> None:
    token = invitations.invite(email="nora@example.org", name="Nora", roles=[Role.MEMBER], by=coordinator)
    answer = client.post(f"/invitation/{token}/", {"password1": typed, "password2": NFC})
    assert 'id="recovery-code"' in answer.content.decode()
    nora = Member.objects.get(user__email="nora@example.org")
    assert is_normalized(nora.user)
    assert opens_exactly(nora, NFC) == key_pair.open_by_password(nora.current_key.pair, NFD)
    for spelling in SPELLINGS.values():
        browser = Client()
        assert signs_in(browser, nora.user, spelling)
        assert session_keys.unlocked_key(request_of(browser, nora.user)) == opens_exactly(nora, NFC)


@pytest.mark.parametrize(
    ("ana_of_before", "typed"),
    [(NFD, NFC), (NFD, NFD), (NFD, MIXED), (MIXED, MIXED)],
    indirect=["ana_of_before"],
    ids=["composed", "decomposed as before", "mixed", "mixed as before"],
)
def test_who_was_stored_as_typed_gets_in_and_is_stored_normalized(
    client: Client, ana_of_before: Member, ana_key: bytes, typed: str
) -> None:
    user = ana_of_before.user
    assert signs_in(client, user, typed)
    assert session_keys.unlocked_key(request_of(client, user)) == ana_key
    assert client.get("/my-page/").status_code == 200, "the session belongs to the new hash"
    assert is_normalized(user) and opens_exactly(ana_of_before, NFC) == ana_key
    with pytest.raises(CannotOpen):
        opens_exactly(ana_of_before, NFD)


@pytest.mark.parametrize("ana_of_before", [NFD], indirect=True)
def test_wrong_password_makes_nothing_anew(client: Client, ana_of_before: Member) -> None:
    before = User.objects.values().get(pk=ana_of_before.user_id), MemberKey.objects.values().get()
    assert not signs_in(client, ana_of_before.user, NFC.upper())
    keys.normalize_password(user_id=ana_of_before.user_id, password=NFC.upper())
    assert (User.objects.values().get(pk=ana_of_before.user_id), MemberKey.objects.values().get()) == before


@pytest.mark.parametrize("ana_of_before", [NFD], indirect=True)
def test_hash_and_key_are_made_anew_together_or_not_at_all(client: Client, ana_of_before: Member) -> None:
    MemberKey.objects.update(sealed_by_password=b"damaged")
    before = User.objects.values().get(pk=ana_of_before.user_id)
    with pytest.raises(CannotOpen):
        keys.normalize_password(user_id=ana_of_before.user_id, password=NFD)
    assert signs_in(client, ana_of_before.user, NFD)
    assert User.objects.values().get(pk=ana_of_before.user_id) == before


@by_spelling
def test_change_takes_every_spelling_of_the_old_and_stores_one_of_the_new(
    client: Client, ana: Member, ana_key: bytes, typed: str
) -> None:
    sign_in(client, ana)
    as_typed_before(ana, ana_key, NFD)
    sign_in_directly(client, ana.user)
    old = NFD if typed == MIXED else typed
    data = {"oldpassword": old, "password1": typed + "!", "password2": NFC + "!"}
    assert client.post("/my-page/password/", data)["Location"] == "/my-page/"
    ana.user.refresh_from_db()
    assert check_password(NFC + "!", ana.user.password) and opens_exactly(ana, NFC + "!") == ana_key


@by_spelling
def test_reset_stores_one_spelling(client: Client, ana: Member, ana_key: bytes, typed: str) -> None:
    keys.reset_password(user_id=ana.user_id, password=typed, recovery_code=recovery_code_of(ana))
    assert is_normalized(ana.user) and opens_exactly(ana, NFC) == ana_key


@pytest.mark.parametrize("ana_of_before", [NFD], indirect=True)
@pytest.mark.parametrize("typed", [NFC, NFD], ids=["composed", "decomposed"])
def test_own_password_is_confirmed_in_either_spelling(
    client: Client, ana_of_before: Member, ana_key: bytes, typed: str
) -> None:
    sign_in_directly(client, ana_of_before.user)
    answer = client.post("/my-page/recovery-code/new/", {"password": typed}).content.decode()
    assert "This is your new recovery code." in answer


def test_length_is_that_of_the_normalized_password(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    eleven = unicodedata.normalize("NFD", "ééééééééééé")
    data = {"oldpassword": CAST_PASSWORD, "password1": eleven, "password2": eleven}
    assert "This password is too short." in client.post("/my-page/password/", data).content.decode()


@by_spelling
def test_unknown_address_costs_as_many_slow_hashes_as_a_wrong_password(
    client: Client, coordinator: User, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a password with an accent would tell by the time of the answer who has an account."""
    hasher, counted = type(hashers.get_hasher()), []
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda *args, **kwargs: counted.append(1) or encode(*args, **kwargs))
    client.post("/sign-in/", {"login": coordinator.email, "password": typed})
    known = len(counted)
    counted.clear()
    client.post("/sign-in/", {"login": "nobody@example.org", "password": typed})
    assert len(counted) == known > 0
