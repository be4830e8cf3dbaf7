"""An e-mail address at the same moment: it belongs to one account, and a link is used once."""

import pytest

from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.team.actions import addresses, invitations
from peersupport.team.models import Invitation, User
from tests.cast import CAST_PASSWORD
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "new@example.org"


def ask(user: User, email: str = NEW) -> str:
    return addresses.request_change(user_id=user.pk, email=email, password=CAST_PASSWORD)


def won_and_lost(outcomes: list) -> list[str]:
    return sorted(outcome.error or "won" for outcome in outcomes)


def test_two_people_with_links_for_one_address_and_one_gets_it(coordinator: User, director: User) -> None:
    tokens = [ask(coordinator), ask(director)]
    outcomes = race(addresses.confirm_change, *[{"token": token} for token in tokens])
    assert won_and_lost(outcomes) == ["LinkNotFound", "won"]
    assert User.objects.filter(email=NEW).count() == Entry.objects.filter(action="address_changed").count() == 1


def test_one_link_pressed_three_times_at_once_is_used_once(coordinator: User) -> None:
    outcomes = race(addresses.confirm_change, *[{"token": ask(coordinator)}] * 3)
    assert won_and_lost(outcomes) == ["LinkNotFound", "LinkNotFound", "won"]
    assert Entry.objects.filter(action="address_changed").count() == 1


def test_asking_again_while_the_link_is_pressed_is_no_deadlock(coordinator: User) -> None:
    outcomes = race(
        act,
        {"token": ask(coordinator), "user_id": None},
        *[{"token": None, "user_id": coordinator.pk}] * 3,
    )
    assert {outcome.error for outcome in outcomes} <= {None, "LinkNotFound"}


def act(token: str | None, user_id: int | None) -> None:
    if token:
        addresses.confirm_change(token=token)
    else:
        addresses.request_change(user_id=user_id or 0, email="third@example.org", password=CAST_PASSWORD)


def test_two_invitations_moved_to_one_address_and_one_gets_it(coordinator: User) -> None:
    for name in ("nora", "nick"):
        invitations.invite(email=f"{name}@example.org", name=name, roles=[Role.MEMBER], by=coordinator)
    outcomes = race(
        addresses.correct,
        *[{"old": f"{name}@example.org", "new": NEW, "by": coordinator} for name in ("nora", "nick")],
    )
    assert won_and_lost(outcomes) == ["Refused", "won"]
    assert Invitation.objects.filter(email=NEW).count() == 1
