"""A lifting ends by itself: nobody seconds it in time, or it is no longer what was decided."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.core.errors import Refused
from peersupport.team.actions import accounts, invitations, lifting, membership
from peersupport.team.domain.states import EndReason
from peersupport.team.models import FactorLift, Member, User
from tests.cast import give_factor, make_user, sign_in
from tests.team.lifting.steps import DAY, has_factor, page, settle, states

pytestmark = pytest.mark.django_db


def test_what_nobody_seconds_lapses_after_seven_days(owner: User, coordinator: User, director: User) -> None:
    lifting.ask(user_id=owner.pk, by=coordinator)
    later = timezone.now() + timedelta(days=7)
    with time_machine.travel(later, tick=False):
        with pytest.raises(Refused):  # before any round ran
            lifting.second(user_id=owner.pk, by=director)
        assert "Ask to lift it" in page(sign_in(Client(), director), owner)
        assert lifting.settle_all(now=later) == 1
        lifting.ask(user_id=owner.pk, by=director)
    assert states() == ["lapsed", "asked"] and has_factor(owner)


def replace_factor(owner: User) -> None:
    Authenticator.objects.filter(user=owner).delete()
    give_factor(owner)


def add_passkey(owner: User) -> None:
    Authenticator.objects.create(user=owner, type=Authenticator.Type.WEBAUTHN, data={})


def deactivate(owner: User) -> None:
    membership.end_membership(
        member_id=Member.objects.get(user=owner).pk,
        reason=EndReason.OWN_WISH,
        on=timezone.localdate(),
        by=User.objects.get(is_coordinator=True),
    )


def give_role(owner: User) -> None:
    by = User.objects.get(is_coordinator=True)
    accounts.change_account(user_id=owner.pk, name=owner.name, roles=[Role.COORDINATOR], by=by)


def take_role_of_asker(owner: User) -> None:
    make_user("Cora Second", Role.COORDINATOR)
    User.objects.filter(name="Carla Coordinator").update(is_coordinator=False, is_member=True)


def deactivate_seconder(owner: User) -> None:
    User.objects.filter(is_clinical_director=True).update(is_active=False)


@pytest.mark.parametrize(
    "happens", [replace_factor, add_passkey, deactivate, give_role, take_role_of_asker, deactivate_seconder]
)
def test_it_ends_when_it_is_no_longer_what_was_decided(owner: User, seconded: FactorLift, happens: object) -> None:
    happens(owner)
    factors = list(Authenticator.objects.values_list("pk", flat=True))
    assert settle(2 * DAY) == 1
    assert states() == ["lapsed"]
    assert list(Authenticator.objects.values_list("pk", flat=True)) == factors, "nothing is lifted"


def test_new_invitation_to_the_owner_ends_it(operator: User, coordinator: User, director: User) -> None:
    give_factor(coordinator)
    lifting.ask(user_id=coordinator.pk, by=director)
    lifting.second(user_id=coordinator.pk, by=operator)
    token = invitations.invite(email=coordinator.email, name="Carla", roles=[Role.DESIGNEE], by=operator)
    invitations.accept_invitation(token=token, password="rain on the old roof")
    assert has_factor(coordinator), "an invitation lifts nothing"
    assert settle(DAY) == 1 and states() == ["lapsed"] and has_factor(coordinator)


def test_whoever_asked_must_still_be_in_office_when_it_is_seconded(
    owner: User, coordinator: User, director: User
) -> None:
    lifting.ask(user_id=owner.pk, by=coordinator)
    take_role_of_asker(owner)
    with pytest.raises(Refused):
        lifting.second(user_id=owner.pk, by=director)
    lifting.ask(user_id=owner.pk, by=director)  # begins anew
    assert states() == ["lapsed", "asked"]
