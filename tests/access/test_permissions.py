"""The table of powers, and the question asked of it."""

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

# Who reads what an officer wrote, or could make somebody read it: nobody who does not give support.
WRITTEN_BY_OFFICERS = {Permission.SUPPORT}


def test_every_role_has_its_row_and_its_words() -> None:
    assert set(PERMISSIONS_OF) == set(ROLE_LABELS) == set(Role)


def test_every_permission_is_carried_by_somebody() -> None:
    assert frozenset().union(*PERMISSIONS_OF.values()) == set(Permission)


def test_only_members_come_near_what_officers_write() -> None:
    assert {role for role in Role if PERMISSIONS_OF[role] & WRITTEN_BY_OFFICERS} == {Role.MEMBER}


def test_operator_shares_no_power_with_anybody() -> None:
    others = frozenset().union(*(PERMISSIONS_OF[role] for role in Role if role is not Role.OPERATOR))
    assert not PERMISSIONS_OF[Role.OPERATOR] & others


def test_nobody_writes_a_text_and_approves_it() -> None:
    for role in Role:
        assert not {Permission.WRITE_TEXTS, Permission.APPROVE_TEXTS} <= PERMISSIONS_OF[role]


def test_designee_can_what_the_clinical_director_can() -> None:
    assert PERMISSIONS_OF[Role.DESIGNEE] == PERMISSIONS_OF[Role.CLINICAL_DIRECTOR]


def test_powers_add_up() -> None:
    both = [Role.MEMBER, Role.COORDINATOR]
    assert is_allowed(both, Permission.SUPPORT) and is_allowed(both, Permission.INVITE)
    assert not is_allowed(both, Permission.CLOSE_YEAR) and not is_allowed([], Permission.SEE_REPORT)


def test_inviting_gives_no_more_than_the_table() -> None:
    assert roles_invitable_by([Role.COORDINATOR]) == {Role.MEMBER, Role.COORDINATOR}
    assert roles_invitable_by([Role.OPERATOR]) == set(Role)
    for role in (Role.MEMBER, Role.CLINICAL_DIRECTOR, Role.DESIGNEE):
        assert roles_invitable_by([role]) == set()
    assert set(INVITABLE_BY) == {Permission.INVITE, Permission.MANAGE_ACCOUNTS}


def test_operator_stands_alone() -> None:
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
