"""A lifting that was stopped leaves a member as they were before somebody asked, and can't be asked for all day."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from peersupport.core.errors import Refused
from peersupport.team.actions import availability, lifting
from peersupport.team.models import FactorLift, Member, Pause, User
from peersupport.team.queries import eligibility


def test_member_is_available_again_once_it_is_stopped(owner: User, ana: Member, coordinator: User) -> None:
    lifting.ask(user_id=owner.pk, by=coordinator)
    assert not eligibility.can_serve(ana)
    lifting.take_back(user_id=owner.pk, by=coordinator)
    assert eligibility.can_serve(ana)


def test_member_is_available_again_once_they_stopped_it(owner: User, ana: Member, coordinator: User) -> None:
    lifting.ask(user_id=owner.pk, by=coordinator)
    lifting.cancel_own(by=owner)
    assert eligibility.can_serve(ana)


def test_own_pause_stays(owner: User, ana: Member, coordinator: User) -> None:
    availability.pause(member_id=ana.pk, back_on=date(2100, 1, 1), by=owner)
    lifting.ask(user_id=owner.pk, by=coordinator)
    lifting.take_back(user_id=owner.pk, by=coordinator)
    assert not eligibility.can_serve(ana) and Pause.objects.get().ended_at is None


def test_who_cannot_get_in_stays_unavailable_when_nobody_seconds(owner: User, ana: Member, coordinator: User) -> None:
    lifting.ask(user_id=owner.pk, by=coordinator)
    lifting.settle_all(now=timezone.now() + timedelta(days=8))
    assert FactorLift.objects.get().state == "lapsed" and not eligibility.can_serve(ana)


def test_three_times_a_day_and_no_more(owner: User, coordinator: User, mailoutbox: list) -> None:
    for _ in range(3):
        lifting.ask(user_id=owner.pk, by=coordinator)
        lifting.take_back(user_id=owner.pk, by=coordinator)
    with pytest.raises(Refused, match="three times since yesterday"):
        lifting.ask(user_id=owner.pk, by=coordinator)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        lifting.ask(user_id=owner.pk, by=coordinator)
    assert FactorLift.objects.count() == 4
