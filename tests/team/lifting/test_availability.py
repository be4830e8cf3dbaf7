"""A lifting that was stopped leaves a member as they were before somebody asked, and can't be asked for all day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.team.actions import availability, cannot_get_in, lifting
from peersupport.team.domain import on_call
from peersupport.team.models import FactorLift, Member, Pause, User
from peersupport.team.queries import availability as availability_queries
from peersupport.team.queries import eligibility
from peersupport.team.queries.pauses import pauses_on
from peersupport.team.queries.standing import standing_of
from tests.cast import sign_in
from tests.team.lifting.steps import page

FAR = date(2100, 1, 1)


def test_member_is_available_again_once_it_is_stopped(owner: User, ana: Member, coordinator: User) -> None:
    lifting.ask(user_id=owner.pk, by=coordinator)
    assert not eligibility.can_serve(ana)
    lifting.take_back(user_id=owner.pk, by=coordinator)
    assert eligibility.can_serve(ana)


def test_member_is_available_again_once_they_stopped_it(owner: User, ana: Member, coordinator: User) -> None:
    lifting.ask(user_id=owner.pk, by=coordinator)
    lifting.cancel_own(by=owner)
    assert eligibility.can_serve(ana)


def going_on(member: Member) -> list[date | None]:
    """When the pauses that the member is on are over; None for one without a last day."""
    pauses = pauses_on(timezone.localdate()).filter(member=member).order_by("pk")
    return list(pauses.values_list("back_on", flat=True))


@pytest.mark.parametrize("first", ["the pause", "the lifting"])
def test_own_pause_stays_with_its_last_day(owner: User, ana: Member, coordinator: User, first: str) -> None:
    if first == "the pause":
        availability.pause(member_id=ana.pk, back_on=FAR, by=owner)
    lifting.ask(user_id=owner.pk, by=coordinator)
    if first == "the lifting":
        availability.pause(member_id=ana.pk, back_on=FAR, by=owner)
    assert standing_of(ana, timezone.now()).is_unreachable, "until the longer of the two is over"
    lifting.take_back(user_id=owner.pk, by=coordinator)
    assert going_on(ana) == [FAR] and not eligibility.can_serve(ana)
    assert standing_of(ana, timezone.now()).back_on == FAR


@pytest.mark.parametrize("first", ["the member", "the lifting"])
def test_who_said_that_they_cannot_get_in_is_not_let_back_by_others(
    owner: User, ana: Member, coordinator: User, first: str
) -> None:
    if first == "the member":
        availability.make_unavailable(member_id=ana.pk, by=None)
    lifting.ask(user_id=owner.pk, by=coordinator)
    for _ in range(2):  # twice is harmless
        availability.make_unavailable(member_id=ana.pk, by=None)
    assert going_on(ana) == [None, None]
    lifting.take_back(user_id=owner.pk, by=coordinator)
    assert going_on(ana) == [None] and not eligibility.can_serve(ana)
    assert eligibility.unreachable() == {ana.pk}


def test_who_is_back_ends_all_of_them(owner: User, ana: Member, coordinator: User) -> None:
    availability.pause(member_id=ana.pk, back_on=FAR, by=owner)
    lifting.ask(user_id=owner.pk, by=coordinator)
    availability.make_unavailable(member_id=ana.pk, by=None)
    availability.end_pause(member_id=ana.pk, by=owner)
    assert going_on(ana) == [] and eligibility.can_serve(ana)
    lifting.take_back(user_id=owner.pk, by=coordinator)
    assert Entry.objects.filter(action="pause_ended").count() == 1


def test_a_link_is_dead_once_they_are_back_whatever_was_stopped_before(
    owner: User, ana: Member, coordinator: User
) -> None:
    availability.make_unavailable(member_id=ana.pk, by=None)
    lifting.ask(user_id=owner.pk, by=coordinator)
    lifting.take_back(user_id=owner.pk, by=coordinator)
    link = cannot_get_in.link_parts(ana.user)
    availability.end_pause(member_id=ana.pk, by=owner)
    with pytest.raises(cannot_get_in.LinkNotFound):
        cannot_get_in.confirm(**link)


def test_report_counts_overlapping_pauses_once(owner: User, ana: Member, coordinator: User) -> None:
    """Who was on call all day, and away for the last half of it."""
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    Pause.objects.create(member=ana, since=noon, back_on=FAR)
    with time_machine.travel(noon, tick=False):
        lifting.ask(user_id=owner.pk, by=coordinator)
    spans = availability_queries._absences(noon, noon + timedelta(hours=1))[ana.pk]
    assert len(spans) == 2
    always = on_call.WeeklyPattern(1, ana.pk, frozenset(range(7)), time(), time(), noon - timedelta(days=9), None)
    schedule = on_call.Availability(patterns=(always,), absences={ana.pk: spans})
    assert on_call.covered_share(schedule, noon - timedelta(hours=1), noon + timedelta(hours=1), UTC) == 0.5


def test_who_cannot_get_in_stays_unavailable_when_nobody_seconds(owner: User, ana: Member, coordinator: User) -> None:
    lifting.ask(user_id=owner.pk, by=coordinator)
    lifting.settle_all(now=timezone.now() + timedelta(days=8))
    assert FactorLift.objects.get().state == "lapsed" and not eligibility.can_serve(ana)


def test_one_person_asks_three_times_a_day_and_others_can_still(
    client: Client, owner: User, coordinator: User, director: User
) -> None:
    for _ in range(3):
        lifting.ask(user_id=owner.pk, by=coordinator)
        lifting.take_back(user_id=owner.pk, by=coordinator)
    with pytest.raises(Refused, match="three times since yesterday"):
        lifting.ask(user_id=owner.pk, by=coordinator)
    said = page(sign_in(client, coordinator), owner)
    assert "three times since yesterday" in said and "Ask to lift it" not in said
    assert "Ask to lift it" in page(sign_in(Client(), director), owner)
    lifting.ask(user_id=owner.pk, by=director)
    lifting.take_back(user_id=owner.pk, by=director)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        lifting.ask(user_id=owner.pk, by=coordinator)
    assert FactorLift.objects.count() == 5
