"""The page with the on-call schedule."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from peersupport.notices.actions import phone_alerts
from peersupport.team.actions import availability
from peersupport.team.models import Member, User, WeeklyHours
from tests.cast import make_member, sign_in, take_back_confirmations
from tests.team.on_call_week import DAY, TODAY, page

pytestmark = pytest.mark.usefixtures("monday")


def test_schedule_shows_who_is_on_call_and_when_nobody_is(nights: WeeklyHours, ana: Member, coordinator: User) -> None:
    desk = sign_in(Client(), coordinator)
    said = " ".join(strip_tags(page(desk, "/on-call/")).split())
    assert "Nobody is on call now." in said and "Ana Alvarez, 18:00 to midnight" in said
    assert "Nobody, now to 18:00" in said and "Nobody, all day" in said  # the second Sunday
    hours = 14 * 24 - 10 - 10 * 12
    assert f"Nobody is on call for {hours} hours in the next two weeks" in said
    home = " ".join(page(desk, "/home/").split())
    assert f"Nobody is on call for {hours} hours in the next two weeks" in home
    assert "First gap: Monday, June 1, 10:00" in home


def test_home_mentions_only_gaps(ana: Member, coordinator: User) -> None:
    desk = sign_in(Client(), coordinator)
    assert "Someone is on call every hour of the next two weeks." in page(desk, "/on-call/")
    assert "Nobody is on call for" not in page(desk, "/home/")
    availability.pause(member_id=ana.pk, back_on=TODAY + DAY, by=ana.user)
    assert "14 hours in the next two weeks" in page(desk, "/home/"), "a pause leaves a gap"


def test_member_without_confirmed_key_fills_no_gap(ana: Member, coordinator: User) -> None:
    take_back_confirmations(member=ana)
    assert "Nobody is on call now." in page(sign_in(Client(), coordinator), "/on-call/")


def test_coordinator_sees_who_has_no_phone_alert(ana: Member, ben: Member, coordinator: User) -> None:
    phone_alerts.set_address(user_id=ben.user_id, address="ntfy://a-long-word-that-nobody-guesses")
    said = "No phone alerts are set up for Ana Alvarez yet."
    assert said in " ".join(page(sign_in(Client(), coordinator), "/on-call/").split())
    assert "No phone alerts" not in page(sign_in(Client(), ben), "/on-call/")
    assert "but phone alerts aren&#x27;t set up" in page(sign_in(Client(), ana), "/my-page/")


def test_schedule_takes_the_same_queries_for_1_and_30_members(ana: Member, coordinator: User) -> None:
    desk = sign_in(Client(), coordinator)
    with CaptureQueriesContext(connection) as with_one:
        page(desk, "/on-call/")
    for number in range(29):
        make_member(f"Nr{number}", confirmed_by=coordinator if number < 3 else None)
    with CaptureQueriesContext(connection) as with_thirty:
        page(desk, "/on-call/")
    assert len(with_one) == len(with_thirty)
