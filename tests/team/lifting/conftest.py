"""Who lost a second factor, and two who have decided to lift it."""

import pytest

from peersupport.team.actions import lifting
from peersupport.team.models import FactorLift, Member, User
from tests.cast import give_factor


@pytest.fixture
def owner(ana: Member) -> User:
    """A member who lost their second factor; its numbers are of no account here."""
    give_factor(ana.user)
    return ana.user


@pytest.fixture
def seconded(owner: User, coordinator: User, director: User) -> FactorLift:
    lifting.ask(user_id=owner.pk, by=coordinator)
    lifting.second(user_id=owner.pk, by=director)
    return FactorLift.objects.get()
