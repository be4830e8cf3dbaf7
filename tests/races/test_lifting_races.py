"""Two presses at the same moment, or a role taken at that moment: two people lift a second factor, or nobody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.team.actions import accounts, availability, invitations, keys, lifting, membership
from peersupport.team.domain.states import EndReason
from peersupport.team.models import FactorLift, Member, MemberKey, User
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


@pytest.mark.parametrize("turn", range(4))
def test_asking_while_the_membership_ends(ana: Member, coordinator: User, director: User, turn: int) -> None:
    """Both change the account and the member, who are locked in one order: no deadlock."""
    give_factor(ana.user)
    people = {"user_id": ana.user_id, "member_id": ana.pk}
    outcomes = race(ask_or_end, {**people, "asks": director}, {**people, "ends": coordinator})
    assert [outcome.error for outcome in outcomes] in ([None, None], ["Refused", None])
    ana.refresh_from_db()
    assert ana.state == "ended" and not User.objects.get(pk=ana.user_id).is_active


@pytest.mark.parametrize("turn", range(4))
def test_asking_while_the_key_is_confirmed_and_a_pause_begins(
    ana: Member, coordinator: User, director: User, turn: int
) -> None:
    """Whoever notes or notifies somebody doesn't wait for a lock of their account."""
    give_factor(ana.user)
    MemberKey.objects.filter(member=ana).update(confirmed_by=None, confirmed_on=None, confirmation=b"")
    people = {"user_id": ana.user_id, "member_id": ana.pk}
    outcomes = race(
        ask_or_end, {**people, "asks": director}, {**people, "confirms": coordinator}, {**people, "pauses": ana.user}
    )
    assert [outcome.error for outcome in outcomes] == [None, None, None]


def ask_or_end(
    user_id: int, member_id: int, asks: User | None = None, ends: User | None = None,
    confirms: User | None = None, pauses: User | None = None,
) -> None:  # fmt: skip
    if asks:
        lifting.ask(user_id=user_id, by=asks)
    elif ends:
        membership.end_membership(member_id=member_id, reason=EndReason.TRAINING, on=timezone.localdate(), by=ends)
    elif confirms:
        key = MemberKey.objects.get(member=member_id, is_retired=False)
        keys.confirm_key(key_id=key.pk, fingerprint=key.fingerprint, by=confirms)
    elif pauses:
        availability.pause(member_id=member_id, back_on=timezone.localdate() + timedelta(days=2), by=pauses)


@pytest.mark.parametrize("turn", range(4))
def test_an_invitation_is_accepted_while_another_takes_its_place(coordinator: User, operator: User, turn: int) -> None:
    token = invitations.invite(email=coordinator.email, name="Carla", roles=[Role.CLINICAL_DIRECTOR], by=operator)
    outcomes = race(accept_or_invite, {"token": token}, {"by": operator, "email": coordinator.email})
    assert [outcome.error for outcome in outcomes] in ([None, "Refused"], ["InvitationNotFound", None])


def accept_or_invite(token: str = "", by: User | None = None, email: str = "") -> None:
    if token:
        invitations.accept_invitation(token=token, password="a new word by day")
    elif by:
        invitations.invite(email=email, name="Carla", roles=[Role.CLINICAL_DIRECTOR], by=by)


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
