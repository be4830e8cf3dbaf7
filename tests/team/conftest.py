"""Fixtures for the tests of on-call hours."""

from collections.abc import Iterator

import pytest
import time_machine

from peersupport.team.actions import availability, shift_handover
from peersupport.team.domain.states import HoursPurpose
from peersupport.team.models import Member, WeeklyHours
from tests.cast import take_off_call
from tests.team.on_call_week import FRIDAY, NIGHTS, NOW, notified


@pytest.fixture
def monday(db: None) -> Iterator[time_machine.Traveller]:
    """It is Monday morning; `monday.shift()` moves the clock."""
    with time_machine.travel(NOW, tick=False) as traveler:
        yield traveler


@pytest.fixture
def nights(monday: object, ana: Member) -> WeeklyHours:
    """Only Ana is on call, and only from Monday to Friday at night."""
    take_off_call(ana)
    return availability.add_hours(member_id=ana.pk, purpose=HoursPurpose.ON_CALL, by=ana.user, **NIGHTS)


@pytest.fixture
def taken_over(nights: WeeklyHours, ana: Member, ben: Member) -> WeeklyHours:
    """Ana's hours; Ben has taken over Friday's shift."""
    take_off_call(ben)
    shift_handover.offer_shift(hours_id=nights.pk, day=FRIDAY, to_id=ben.pk, by=ana.user)
    shift_handover.take_shift(hours_id=nights.pk, day=FRIDAY, by=ben.user)
    notified()
    return nights
