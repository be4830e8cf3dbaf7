"""Two presses at the same moment, or a role taken at that moment: two people lift a second factor, or nobody."""

import pytest

from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.team.actions import accounts, lifting
from peersupport.team.models import FactorLift, Member, User
from tests.cast import give_factor, make_user
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def won_and_lost(outcomes: list) -> list[str]:
    return sorted(outcome.error or "won" for outcome in outcomes)


def test_two_offices_ask_at_once_and_one_of_them_has_asked(
    ana: Member, coordinator: User, director: User, operator: User
) -> None:
    give_factor(ana.user)
    people = (coordinator, director, operator)
    outcomes = race(lifting.ask, *[{"user_id": ana.user_id, "by": person} for person in people])
    assert won_and_lost(outcomes) == ["Refused", "Refused", "won"]
    assert FactorLift.objects.count() == Entry.objects.filter(action="factor_lift_asked").count() == 1


def test_two_second_it_at_once_and_one_of_them_has(
    ana: Member, coordinator: User, director: User, operator: User
) -> None:
    give_factor(ana.user)
    lifting.ask(user_id=ana.user_id, by=coordinator)
    outcomes = race(lifting.second, *[{"user_id": ana.user_id, "by": person} for person in (director, operator)])
    assert won_and_lost(outcomes) == ["Refused", "won"]
    assert Entry.objects.filter(action="factor_lift_seconded").count() == 1


def test_seconding_while_the_owner_cancels(ana: Member, coordinator: User, director: User) -> None:
    give_factor(ana.user)
    token = lifting.ask(user_id=ana.user_id, by=coordinator)
    outcomes = race(second_or_cancel, {"token": token}, {"by": director, "user_id": ana.user_id})
    assert outcomes[0].error is None and outcomes[1].error in (None, "Refused")
    assert FactorLift.objects.get().state == "canceled"


def test_seconding_while_the_role_is_taken_from_the_one_who_asked(
    ana: Member, coordinator: User, director: User, operator: User
) -> None:
    make_user("Cora Second", Role.COORDINATOR)
    give_factor(ana.user)
    lifting.ask(user_id=ana.user_id, by=coordinator)
    outcomes = race(
        second_or_cancel, {"by": operator, "taken_from": coordinator}, {"by": director, "user_id": ana.user_id}
    )
    assert outcomes[0].error is None
    assert (outcomes[1].error, FactorLift.objects.get().state) in ((None, "seconded"), ("Refused", "asked"))


def second_or_cancel(token: str = "", by: User | None = None, user_id: int = 0, taken_from: User | None = None) -> None:
    if token:
        lifting.cancel_by_link(token=token)
    elif taken_from and by:
        accounts.change_account(user_id=taken_from.pk, name=taken_from.name, roles=[Role.DESIGNEE], by=by)
    elif by:
        lifting.second(user_id=user_id, by=by)


def test_owner_and_decider_are_locked_in_one_order(coordinator: User, director: User, operator: User) -> None:
    """Each is the owner of one and asks for the other: no deadlock."""
    give_factor(coordinator)
    give_factor(director)
    outcomes = race(
        lifting.ask,
        {"user_id": coordinator.pk, "by": director},
        {"user_id": director.pk, "by": coordinator},
    )
    assert won_and_lost(outcomes) == ["won", "won"]
    with pytest.raises(Refused):
        lifting.second(user_id=coordinator.pk, by=coordinator)
