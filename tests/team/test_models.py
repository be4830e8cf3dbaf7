"""Constraints: what the database refuses, whatever the program does."""

from itertools import combinations

import pytest
from django.db import IntegrityError, transaction

from peersupport.access.permissions import Role, are_compatible
from peersupport.team.domain.states import MembershipState
from peersupport.team.models import Invitation, Member, MemberKey, User
from tests.cast import make_user


def refused(write: object) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("roles", [set(c) for n in range(6) for c in combinations(Role, n)])
def test_operator_excludes_every_other_role(db: None, roles: set[Role]) -> None:
    assert refused(lambda: make_user("Sam", *roles)) == (not are_compatible(roles))
    assert are_compatible(roles) == (Role.OPERATOR not in roles or roles == {Role.OPERATOR})


@pytest.mark.parametrize(
    "fields",
    [
        {"designated_on": None},
        {"state": MembershipState.ENDED},
        {"state": MembershipState.ENDED, "ended_on": "2026-03-01"},
        {"cap": 0},
        {"cap": 21},
        {"leave_from": "2026-03-02", "leave_until": "2026-03-01"},
    ],
)
def test_impossible_member_is_refused(ana: Member, fields: dict[str, object]) -> None:
    assert refused(lambda: Member.objects.filter(pk=ana.pk).update(**fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"confirmed_by": None},
        {"confirmed_on": None},
        {"is_retired": True, "confirmation": b""},  # with its private half still there
        {"is_retired": True, "sealed_by_password": b"", "sealed_by_recovery": b""},  # with its confirmation
        {"confirmed_by": None, "confirmed_on": None},  # nor this one
    ],
)
def test_impossible_key_is_refused(ana: Member, fields: dict[str, object]) -> None:
    assert refused(lambda: MemberKey.objects.filter(member=ana).update(**fields))


def test_one_member_has_one_key_in_use(ana: Member) -> None:
    assert refused(lambda: MemberKey.objects.create(member=ana, public_key=b"x"))


def test_addresses_are_unique_and_in_lower_case(coordinator: User) -> None:
    assert refused(lambda: User.objects.filter(pk=coordinator.pk).update(email="Carla@example.org"))
    assert refused(lambda: User.objects.create(name="Other Carla", email="carla@example.org"))
    assert refused(
        lambda: Invitation.objects.create(
            email="A@b.c", name="A", roles=[], token_hash="1", valid_until="2026-01-01T00:00Z"
        )
    )
