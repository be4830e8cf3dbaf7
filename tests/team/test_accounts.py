"""Accounts: who may give which role, nobody changes their own, and the operator has no other role."""

from itertools import combinations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from peersupport.access.permissions import Role, roles_changeable_by
from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.team.actions import accounts
from peersupport.team.models import Member, User
from tests.cast import make_user, sign_in

pytestmark = pytest.mark.django_db
C, D, N, O, M = Role.COORDINATOR, Role.CLINICAL_DIRECTOR, Role.DESIGNEE, Role.OPERATOR, Role.MEMBER  # noqa: E741


@pytest.fixture
def sam(db: None) -> User:
    return make_user("Sam Second", C)


def audited() -> list[tuple[str, int | None, str]]:
    return list(Entry.objects.order_by("pk").values_list("action", "by", "about"))


def change(user: User, *roles: Role, by: User, name: str = "") -> frozenset[Role]:
    accounts.change_account(user_id=user.pk, name=name or user.name, roles=roles, by=by)
    user.refresh_from_db()
    return user.roles


def test_who_may_change_which_roles() -> None:
    assert roles_changeable_by([O]) == {C, D, N, O}
    assert roles_changeable_by([C]) == roles_changeable_by([C, M]) == {C}
    assert roles_changeable_by([D]) == roles_changeable_by([N]) == roles_changeable_by([M]) == set()


@pytest.mark.parametrize("wanted", [each for size in range(5) for each in combinations((C, D, N, O), size)])
def test_operator_sets_every_combination_of_roles(
    coordinator: User, operator: User, sam: User, wanted: tuple[Role, ...]
) -> None:
    if O in wanted and len(wanted) > 1:
        with pytest.raises(Refused, match="can't have another role"):
            change(sam, *wanted, by=operator)
        assert audited() == []
    else:
        assert change(sam, *wanted, by=operator) == set(wanted)
        assert sam.is_active is bool(wanted)
        about = f"user:{sam.pk}"
        assert set(audited()) == {
            (f"role_{role.value}_{'given' if role in wanted else 'taken'}", operator.pk, about)
            for role in {C} ^ set(wanted)
        }


def test_coordinator_changes_only_the_coordinator_role(coordinator: User, director: User, sam: User) -> None:
    assert change(director, C, by=coordinator) == {C, D}
    assert change(director, by=coordinator) == {D}, "the other one stays"
    assert change(sam, by=coordinator) == set() and not sam.is_active
    with pytest.raises(Refused, match="can't give these roles"):
        change(director, D, by=coordinator)


def test_nobody_changes_own_roles_and_needed_roles_stay_filled(coordinator: User, operator: User, sam: User) -> None:
    for user in (coordinator, operator):
        with pytest.raises(Refused, match="can't change your own roles"):
            change(user, by=user)
    change(sam, by=operator)
    with pytest.raises(Refused, match="needs a coordinator"):
        change(coordinator, by=operator)
    stale = User.objects.get(pk=operator.pk)
    User.objects.filter(pk=operator.pk).update(is_active=False)
    with pytest.raises(User.DoesNotExist):
        change(coordinator, D, by=stale)


def test_member_role_stays_and_excludes_operator(ana: Member, operator: User) -> None:
    assert change(ana.user, C, by=operator) == {C, M}
    assert change(ana.user, by=operator) == {M} and ana.user.is_active
    with pytest.raises(Refused, match="can't have another role"):
        change(ana.user, O, by=operator)
    with pytest.raises(Refused, match="can't give"):
        change(ana.user, M, by=operator)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=ana.user_id).update(is_operator=True)


def test_changed_roles_apply_from_the_next_page_on(
    client: Client, operator: User, coordinator: User, sam: User
) -> None:
    browser = sign_in(Client(), sam)
    assert browser.get("/members/").status_code == 200
    sign_in(client, operator)
    assert "Sam Second" in client.get("/accounts/").content.decode()
    page = client.post(f"/accounts/{sam.pk}/", {"name": "Sam Sanders", "roles": ["designee"]}, follow=True)
    assert "Sam Sanders&#x27;s account was changed." in page.content.decode()
    sam.refresh_from_db()
    assert (sam.name, sam.roles) == ("Sam Sanders", {N})
    assert browser.get("/members/invite/").status_code == 404
    assert ("account_renamed", operator.pk, f"user:{sam.pk}") in audited()
    client.post(f"/accounts/{sam.pk}/", {"name": "Sam Sanders"})
    assert browser.get("/members/")["Location"].startswith("/sign-in/")
    assert client.get(f"/accounts/{sam.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Please fill this in."),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"roles": ["member"]}, "Choose from the list."),
        ({"roles": ["operator"]}, "Choose from the list."),
    ],
)
def test_bad_input_changes_nothing(
    client: Client, coordinator: User, sam: User, typed: dict[str, object], said: str
) -> None:
    sign_in(client, coordinator)
    sent = {"name": "Sam Second", "roles": ["coordinator"]} | typed
    assert said in client.post(f"/accounts/{sam.pk}/", sent).content.decode()
    assert audited() == []


def test_accounts_can_be_searched_by_name_or_address(client: Client, operator: User) -> None:
    for number in range(30):
        make_user(f"Nr{number:02} Sample", M)
    sign_in(client, operator)
    assert "Page 1 of 2, 31 in all" in client.get("/accounts/").content.decode()
    for words in ("nr17 sam", "nr17@EXAMPLE"):
        page = client.get("/accounts/", {"words": words}).content.decode()
        assert "Nr17 Sample" in page and "Nr18" not in page
    assert "Nobody here has this name or address." in client.get("/accounts/?words=zebra").content.decode()
