"""Inviting somebody, and accepting by a link that works once."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.team import key_pair
from peersupport.team.actions import accounts, invitations, keys, mails, membership
from peersupport.team.domain.states import EndReason, MemberKind, MembershipState
from peersupport.team.models import Invitation, Member, MemberKey, QueuedMail, User
from peersupport.team.queries import eligibility
from tests.cast import give_factor, make_user, sign_in

PASSWORD = "rain on the old roof"
NEW = {"name": "Nora Nova", "email": "Nora@Example.org", "roles": ["member"], "kind": "retired", "unit": "K9"}


def invite(by: User | None, **fields: object) -> str:
    wanted = {"email": "nora@example.org", "name": "Nora Nova", "roles": [Role.MEMBER], "by": by}
    return invitations.invite(**{**wanted, **fields})


def accept(client: Client, token: str, password: str = PASSWORD) -> object:
    return client.post(f"/invitation/{token}/", {"password1": password, "password2": password})


def audited() -> list[tuple[str, int | None, str]]:
    return list(Entry.objects.order_by("pk").values_list("action", "by", "about"))


@pytest.fixture
def mailed(client: Client, coordinator: User, mailoutbox: list, django_capture_on_commit_callbacks: object) -> str:
    """The token of an invitation, taken from the mail."""
    sign_in(client, coordinator)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/members/invite/", NEW).status_code == 302
    client.post("/sign-out/")
    (mail,) = mailoutbox
    assert mail.to == ["nora@example.org"]
    return re.search(r"http://testserver/invitation/(\S+)/", mail.body).group(1)


def test_invited_member_gets_a_key(client: Client, mailed: str, coordinator: User) -> None:
    page = client.get(f"/invitation/{mailed}/").content.decode()
    assert "Welcome, Nora Nova" in page and "nora@example.org" in page
    answer = accept(client, mailed).content.decode()
    code = " ".join(re.findall(r"<span>(\w+)</span>", answer)[-8:])

    user = User.objects.get(email="nora@example.org")
    assert (user.name, user.roles, user.check_password(PASSWORD)) == ("Nora Nova", {Role.MEMBER}, True)
    member = Member.objects.get(user=user)
    assert (member.state, member.kind, member.unit) == (MembershipState.IN_TRAINING, MemberKind.RETIRED, "K9")
    pair = member.current_key.pair
    assert key_pair.open_by_recovery_code(pair, code) == key_pair.open_by_password(pair, PASSWORD)
    assert not eligibility.members_who_can_serve(timezone.localdate()).exists()
    assert Invitation.objects.count() == 0
    actions = [action for action, *_ in audited()]
    assert actions == ["person_invited", "key_made", "invitation_accepted", "role_member_given"]
    assert audited()[0][1] == audited()[3][1] == coordinator.pk
    assert audited()[2] == ("invitation_accepted", user.pk, audited()[0][2]), "the log can still say whose it was"


def test_new_member_signs_in_and_types_the_code_back(client: Client, mailed: str, coordinator: User) -> None:
    answer = accept(client, mailed).content.decode()
    code = " ".join(re.findall(r"<span>(\w+)</span>", answer)[-8:])
    client.post("/sign-in/", {"login": "nora@example.org", "password": PASSWORD})
    assert "Is your recovery code on paper?" in client.get("/my-page/").content.decode()
    client.post("/my-page/recovery-code/", {"code": code.title()})
    page = client.get("/my-page/").content.decode()
    key = MemberKey.objects.get()
    assert key.recovery_checked and all(word in page for word in key.fingerprint.split())
    keys.confirm_key(key_id=key.pk, fingerprint=key.fingerprint, by=coordinator)
    client.post("/my-page/agreement/", {"version": 0, "name": "Nora Nova"})
    membership.record_designation(
        member_id=key.member_id, on=timezone.localdate(), head="The sheriff", order="7", by=coordinator
    )
    assert [member.user.name for member in eligibility.members_who_can_serve(timezone.localdate())] == ["Nora Nova"]


def test_link_works_once(client: Client, mailed: str) -> None:
    accept(client, mailed)
    again = accept(client, mailed, "some other password")
    assert again.status_code == 404
    assert "This invitation no longer works" in again.content.decode()
    assert User.objects.get(email="nora@example.org").check_password(PASSWORD)
    assert MemberKey.objects.count() == 1


@pytest.mark.parametrize("token", ["unknown", "a" * 43, "%00", "🙂"])
def test_unknown_link_shows_a_clear_page(client: Client, db: None, token: str) -> None:
    for answer in (client.get(f"/invitation/{token}/"), accept(client, token)):
        assert answer.status_code == 404
        assert "This invitation no longer works" in answer.content.decode()


@pytest.mark.parametrize(
    ("roles", "days"),
    [
        ([Role.MEMBER], 30),
        ([Role.COORDINATOR], 3),
        ([Role.CLINICAL_DIRECTOR], 3),
        ([Role.DESIGNEE], 3),
        ([Role.OPERATOR], 3),
        ([Role.MEMBER, Role.COORDINATOR], 3),
    ],
)
def test_link_works_for_30_days_and_for_three_with_an_office(
    client: Client, operator: User, mailoutbox: list, roles: list[Role], days: int
) -> None:
    token = invitations.invite(email="nora@example.org", name="Nora", roles=roles, by=operator)
    mails.send_mails()
    assert f"It works once, for {days} days:" in mailoutbox[0].body
    with time_machine.travel(timezone.now() + timedelta(days=days - 1, hours=23), tick=False):
        assert client.get(f"/invitation/{token}/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        assert accept(client, token).status_code == 404
        with pytest.raises(invitations.InvitationNotFound):
            invitations.accept_invitation(token=token, password=PASSWORD)
    assert not User.objects.filter(email="nora@example.org").exists()


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("short", "short", "This password is too short."),
        (PASSWORD, PASSWORD + ".", "These two passwords don&#x27;t match."),
        ("nora@example.org", "nora@example.org", "too similar"),
        ("", "", "Please fill this in."),
    ],
)
def test_unusable_password_is_refused(client: Client, coordinator: User, first: str, second: str, said: str) -> None:
    token = invite(coordinator)
    answer = client.post(f"/invitation/{token}/", {"password1": first, "password2": second})
    assert said in answer.content.decode()
    assert Invitation.objects.count() == 1 and not User.objects.filter(email="nora@example.org").exists()


def test_second_invitation_replaces_the_first(client: Client, coordinator: User) -> None:
    first, second = invite(coordinator), invite(coordinator, name="Nora Neumann")
    assert client.get(f"/invitation/{first}/").status_code == 404
    assert "Nora Neumann" in client.get(f"/invitation/{second}/").content.decode()


def test_canceling_ends_the_link_and_twice_is_harmless(client: Client, coordinator: User) -> None:
    token = invite(coordinator)
    sign_in(client, coordinator)
    pk = Invitation.objects.get().pk
    for _ in range(2):
        assert client.post(f"/members/invite/{pk}/take-back/").status_code == 302
    assert client.get(f"/invitation/{token}/").status_code == 404
    assert [action for action, *_ in audited()] == ["person_invited", "invitation_canceled"]


@pytest.mark.parametrize(
    ("who", "role", "may"),
    [
        ("coordinator", Role.MEMBER, True),
        ("coordinator", Role.COORDINATOR, True),
        ("coordinator", Role.CLINICAL_DIRECTOR, False),
        ("coordinator", Role.DESIGNEE, False),
        ("coordinator", Role.OPERATOR, False),
        ("operator", Role.CLINICAL_DIRECTOR, True),
        ("operator", Role.OPERATOR, True),
    ],
)
def test_who_cannot_give_a_role_cannot_take_back_its_invitation_nor_replace_it(
    request: pytest.FixtureRequest, client: Client, who: str, role: Role, may: bool
) -> None:
    by, token = request.getfixturevalue(who), invite(None, roles=[role])
    pk, page = Invitation.objects.get().pk, sign_in(client, by).get("/members/invite/").content.decode()
    assert (f"/members/invite/{pk}/take-back/" in page, f"/members/invite/{pk}/address/" in page) == (may, may)
    if not may:
        client.post("/members/invite/", NEW)
        with pytest.raises(Refused):
            invitations.invite_all(people=[("nora@example.org", "Nora Nova", {})], by=by)
    answer = client.post(f"/members/invite/{pk}/take-back/", follow=True)
    assert ("a role that you can" in answer.content.decode()) != may
    assert client.get(f"/invitation/{token}/").status_code == (404 if may else 200)


def test_taking_the_last_role_leaves_an_invitation_to_a_role_that_one_cannot_give(
    coordinator: User, operator: User
) -> None:
    other = make_user("Wanda Other", Role.COORDINATOR)
    invite(operator, email=other.email, roles=[Role.CLINICAL_DIRECTOR])
    accounts.change_account(user_id=other.pk, name=other.name, roles=[], by=coordinator)
    assert Invitation.objects.filter(email=other.email).exists()


def test_database_stores_neither_token_nor_link(coordinator: User) -> None:
    token = invite(coordinator)
    row = Invitation.objects.values().get()
    letter = QueuedMail.objects.values().get()
    assert token not in repr(row) and token.encode() not in bytes(letter["sealed"])
    assert row["token_hash"] == invitations.hash_token(token)


@pytest.mark.parametrize(
    ("who", "roles", "may"),
    [
        ("coordinator", [Role.MEMBER], True),
        ("coordinator", [Role.MEMBER, Role.COORDINATOR], True),
        ("coordinator", [Role.CLINICAL_DIRECTOR], False),
        ("coordinator", [Role.DESIGNEE], False),
        ("coordinator", [Role.OPERATOR], False),
        ("operator", [Role.COORDINATOR, Role.CLINICAL_DIRECTOR], True),
        ("operator", [Role.OPERATOR], True),
        ("operator", [Role.OPERATOR, Role.MEMBER], False),
        ("director", [Role.MEMBER], False),
    ],
)
def test_who_may_invite_whom(
    request: pytest.FixtureRequest, client: Client, who: str, roles: list[Role], may: bool
) -> None:
    sign_in(client, request.getfixturevalue(who))
    client.post("/members/invite/", NEW | {"roles": [role.value for role in roles]})
    assert Invitation.objects.count() == may
    if not may:
        with pytest.raises(Refused):
            invite(request.getfixturevalue(who), roles=roles)


def test_first_account_has_no_inviter(db: None) -> None:
    token = invite(None, email="first@example.org", name="First", roles=[Role.OPERATOR])
    invitation = Invitation.objects.get().pk
    accepted = invitations.accept_invitation(token=token, password=PASSWORD)
    assert (accepted.user.roles, accepted.recovery_code) == ({Role.OPERATOR}, None)
    assert audited()[0] == ("person_invited", None, f"invitation:{invitation}")


def test_only_members_get_a_key(client: Client, operator: User) -> None:
    token = invite(operator, roles=[Role.CLINICAL_DIRECTOR])
    assert "You're all set" in accept(client, token).content.decode()
    assert (Member.objects.count(), MemberKey.objects.count()) == (0, 0)


@pytest.mark.parametrize(("is_required", "role"), [(True, "director"), (True, "member"), (False, "director")])
def test_the_last_page_says_that_a_second_factor_follows(
    settings, client: Client, operator: User, is_required: bool, role: str
) -> None:
    settings.SECOND_FACTOR_IS_REQUIRED = is_required
    roles = [Role.MEMBER] if role == "member" else [Role.CLINICAL_DIRECTOR]
    answer = accept(client, invite(operator, roles=roles)).content.decode()
    assert ("set up a second factor" in answer) is is_required


def test_who_has_a_second_factor_is_promised_no_other(settings, client: Client, operator: User, director: User) -> None:
    settings.SECOND_FACTOR_IS_REQUIRED = True
    give_factor(director)
    answer = accept(client, invite(operator, email=director.email, roles=[Role.COORDINATOR])).content.decode()
    assert "You're all set" in answer and "second factor" not in answer


def test_member_cannot_be_invited_again(client: Client, coordinator: User, ana: Member) -> None:
    sign_in(client, coordinator)
    answer = client.post("/members/invite/", NEW | {"email": ana.user.email}).content.decode()
    assert "This address already belongs to a member of the team." in answer
    assert "Nora Nova" in answer, "what was typed is lost"


def test_coordinator_can_become_a_member_too(coordinator: User) -> None:
    accepted = invitations.accept_invitation(token=invite(coordinator, email=coordinator.email), password=PASSWORD)
    assert accepted.user.pk == coordinator.pk
    assert accepted.user.roles == {Role.COORDINATOR, Role.MEMBER} and accepted.recovery_code


def test_former_roles_do_not_come_back(coordinator: User) -> None:
    gone = make_user("Gus", Role.COORDINATOR, Role.CLINICAL_DIRECTOR)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    invitations.accept_invitation(token=invite(coordinator, email=gone.email, name="Gus"), password=PASSWORD)
    assert User.objects.get(pk=gone.pk).roles == {Role.MEMBER}


def test_operator_cannot_become_a_member(coordinator: User, operator: User) -> None:
    with pytest.raises(Refused):
        invite(coordinator, email=operator.email)


def test_former_member_returns_in_training_with_a_new_key(coordinator: User, ana: Member) -> None:
    today = timezone.localdate()
    membership.end_membership(member_id=ana.pk, reason=EndReason.OWN_WISH, on=today, by=coordinator)
    invitations.accept_invitation(token=invite(coordinator, email=ana.user.email, name="Ana"), password=PASSWORD)
    ana.refresh_from_db()
    assert (ana.state, ana.ended_on, ana.end_reason, ana.designated_on) == (MembershipState.IN_TRAINING, None, "", None)
    assert ana.user.is_active and ana.user.is_member
    assert [key.is_retired for key in MemberKey.objects.order_by("pk")] == [True, False]


@pytest.mark.parametrize(
    "typed",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"email": "not an address"},
        {"roles": []},
        {"roles": ["superuser"]},
        {"kind": "volunteer"},
        {"unit": "x" * 81},
        {"name": "a\x00b"},
    ],
)
def test_bad_input_shows_an_error_and_writes_nothing(client: Client, coordinator: User, typed: dict) -> None:
    sign_in(client, coordinator)
    answer = client.post("/members/invite/", NEW | typed)
    assert answer.status_code == 200 and "Please look at this again" in answer.content.decode()
    assert (Invitation.objects.count(), QueuedMail.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_invitations_page_takes_the_same_queries_for_1_and_30(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    invite(coordinator)
    with CaptureQueriesContext(connection) as with_one:
        client.get("/members/invite/")
    for number in range(30):
        invite(coordinator, email=f"{number}@example.org")
    with CaptureQueriesContext(connection) as with_thirty:
        client.get("/members/invite/")
    assert len(with_one) == len(with_thirty)


def test_many_invitations_have_pages(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    Invitation.objects.bulk_create(
        Invitation(
            email=f"g{n}@example.org", name=f"Guest {n:03}", roles=["member"], token_hash=str(n),
            valid_until=timezone.now() + timedelta(days=9), invited_by=coordinator,
        )
        for n in range(60)
    )  # fmt: skip
    first, last = (client.get(reverse("team:invite"), {"page": page}).content.decode() for page in (1, 3))
    assert "Guest 000" in first and "Guest 059" not in first
    assert "Page 3 of 3, 60 in all" in last and "Guest 059" in last and "Send invitation" in last
