"""The table of permissions, and the functions that read it."""

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import (
    INVITABLE_BY,
    PERMISSIONS_OF,
    ROLE_LABELS,
    Permission,
    Role,
    are_compatible,
    is_allowed,
    roles_invitable_by,
)
from peersupport.team.models import User

# Permissions to read what officers write, or to make somebody else read it.
WRITTEN_BY_OFFICERS = {Permission.SUPPORT}


def test_every_role_has_permissions_and_a_label() -> None:
    assert set(PERMISSIONS_OF) == set(ROLE_LABELS) == set(Role)


def test_every_permission_belongs_to_a_role() -> None:
    assert frozenset().union(*PERMISSIONS_OF.values()) == set(Permission)


def test_only_members_have_permissions_over_what_officers_write() -> None:
    assert {role for role in Role if PERMISSIONS_OF[role] & WRITTEN_BY_OFFICERS} == {Role.MEMBER}


def test_the_operator_shares_no_permission_with_another_role_but_the_one_that_takes_two() -> None:
    others = frozenset().union(*(PERMISSIONS_OF[role] for role in Role if role is not Role.OPERATOR))
    assert PERMISSIONS_OF[Role.OPERATOR] & others == {Permission.LIFT_SECOND_FACTOR}


def test_no_role_both_writes_and_approves_texts() -> None:
    for role in Role:
        assert not {Permission.WRITE_TEXTS, Permission.APPROVE_TEXTS} <= PERMISSIONS_OF[role]


def test_the_designee_has_the_clinical_directors_permissions_but_lifts_no_second_factor() -> None:
    assert PERMISSIONS_OF[Role.CLINICAL_DIRECTOR] - PERMISSIONS_OF[Role.DESIGNEE] == {Permission.LIFT_SECOND_FACTOR}
    assert PERMISSIONS_OF[Role.DESIGNEE] < PERMISSIONS_OF[Role.CLINICAL_DIRECTOR]


def test_permissions_of_several_roles_add_up() -> None:
    both = [Role.MEMBER, Role.COORDINATOR]
    assert is_allowed(both, Permission.SUPPORT) and is_allowed(both, Permission.INVITE)
    assert not is_allowed(both, Permission.CLOSE_YEAR) and not is_allowed([], Permission.SEE_REPORT)


def test_only_coordinator_and_operator_can_invite_and_to_which_roles() -> None:
    assert roles_invitable_by([Role.COORDINATOR]) == {Role.MEMBER, Role.COORDINATOR}
    assert roles_invitable_by([Role.OPERATOR]) == set(Role)
    for role in (Role.MEMBER, Role.CLINICAL_DIRECTOR, Role.DESIGNEE):
        assert roles_invitable_by([role]) == set()
    assert set(INVITABLE_BY) == {Permission.INVITE, Permission.MANAGE_ACCOUNTS}


def test_the_operator_has_no_other_role() -> None:
    assert (
        are_compatible([Role.OPERATOR])
        and are_compatible([Role.MEMBER, Role.COORDINATOR, Role.DESIGNEE])
        and are_compatible([])
    )
    assert not are_compatible([Role.OPERATOR, Role.MEMBER])


@pytest.mark.parametrize(
    ("needed", "role", "answers"),
    [
        ([Permission.INVITE], "is_coordinator", True),
        ([Permission.INVITE], "is_operator", False),
        ([Permission.INVITE, Permission.MANAGE_ACCOUNTS], "is_operator", True),
        ([], "is_operator", False),
    ],
)
def test_require_permission_answers_404_without_one(needed: list[Permission], role: str, answers: bool) -> None:
    @require_permission(*needed)
    def page(request: object) -> HttpResponse:
        return HttpResponse("in")

    request = RequestFactory().get("/")
    request.user = User(**{role: True})
    if answers:
        assert page(request).content == b"in"
    else:
        with pytest.raises(Http404):
            page(request)
    request.user.is_active = False
    with pytest.raises(Http404):
        page(request)
