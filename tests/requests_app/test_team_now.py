"""The one picture of the team: right at the very next look, whatever somebody did a moment ago."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from peersupport.incidents import actions as incidents
from peersupport.notices import alert_services
from peersupport.notices.models import PhoneAlert
from peersupport.team.actions import availability, keys, membership
from peersupport.team.domain.states import EndReason, HoursPurpose
from peersupport.team.models import Member, User, WeeklyHours
from requests_app.domain.states import Urgency
from requests_app.queries import matching, outlines, team_now
from requests_app.queries.team_now import TeamNow
from training.actions import records

from .conftest import submit_request

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 5, 4, 17, 0, 20, tzinfo=UTC)


def team() -> TeamNow:
    return team_now.team_now(timezone.now())


@pytest.fixture
def people(ana: Member, ben: Member, coordinator: User) -> Iterator[SimpleNamespace]:
    """In a minute in which only acts change anything, after the process has read who serves."""
    with time_machine.travel(NOON, tick=False):
        assert set(team().peers) == {ana.pk, ben.pk} and team() is team()
        yield SimpleNamespace(ana=ana, ben=ben, coordinator=coordinator, today=timezone.localdate())


def pause(people: SimpleNamespace) -> None:
    availability.pause(member_id=people.ana.pk, back_on=people.today + timedelta(days=2), by=people.ana.user)


LEAVING: dict[str, Callable[[SimpleNamespace], object]] = {
    "a pause": pause,
    "unavailable": lambda p: availability.make_unavailable(member_id=p.ana.pk, by=p.coordinator),
    "leave": lambda p: membership.take_leave(member_id=p.ana.pk, first=p.today, last=None, by=p.coordinator),
    "the end": lambda p: membership.end_membership(
        member_id=p.ana.pk, reason=EndReason.GOOD_STANDING, on=p.today, by=p.coordinator
    ),
    "a new key": lambda p: keys.reset_password(user_id=p.ana.user_id, password="a new quiet word", recovery_code=""),
}


@pytest.mark.parametrize("how", LEAVING)
def test_who_can_no_longer_serve_is_gone_at_the_next_look(people: SimpleNamespace, how: str) -> None:
    LEAVING[how](people)
    assert set(team().peers) == {people.ben.pk}
    assert people.ana.pk not in dict(team().choices.names) or how in {"a pause", "unavailable", "a new key"}


def test_who_is_back_is_there_at_the_next_look(people: SimpleNamespace) -> None:
    pause(people)
    team()
    availability.end_pause(member_id=people.ana.pk, by=people.ana.user)
    assert set(team().peers) == {people.ana.pk, people.ben.pk}


def test_training_and_caps_and_wishes_are_seen_at_the_next_look(people: SimpleNamespace) -> None:
    records.record(
        member_id=people.ana.pk,
        subject="suicide_intervention",
        completed_on=people.today,
        hours=8,
        by=people.coordinator,
    )
    assert "suicide_intervention" in team().peers[people.ana.pk].subjects
    membership.update_profile(member_id=people.ana.pk, by=people.ana.user, cap=7, is_asked_by_name=False)
    assert (team().peers[people.ana.pk].cap, team().peers[people.ana.pk].is_asked_by_name) == (7, False)
    assert dict(team().choices.askable_names).keys() == {people.ben.pk}


def test_who_goes_off_call_is_not_on_call_at_the_next_look(people: SimpleNamespace) -> None:
    assert team().peers[people.ana.pk].is_on_call
    (hours,) = WeeklyHours.objects.filter(member=people.ana)
    availability.end_hours(hours_id=hours.pk, by=people.ana.user)
    assert not team().peers[people.ana.pk].is_on_call and people.ana.user_id not in team().alertable


def test_a_shift_that_ends_ends_without_any_act(people: SimpleNamespace) -> None:
    WeeklyHours.objects.update(starts=time(8), ends=time(12, 1), purpose=HoursPurpose.ON_CALL)
    local = timezone.localtime().replace(hour=12, minute=0, second=59)
    with time_machine.travel(local, tick=False):
        assert team().peers[people.ana.pk].is_on_call
    with time_machine.travel(local + timedelta(seconds=1), tick=False):
        assert not team().peers[people.ana.pk].is_on_call


def test_an_activation_is_seen_at_the_next_look(people: SimpleNamespace) -> None:
    assert not team().is_activation_running
    incidents.begin_activation(by=people.coordinator)
    assert team().is_activation_running


def test_a_phone_alert_is_asked_for_each_time(people: SimpleNamespace) -> None:
    """No act records it."""
    now = timezone.now()
    assert not matching.is_now_available(now)
    address = alert_services.seal(people.ana.user_id, "nowhere://ana")
    PhoneAlert.objects.create(user=people.ana.user, sealed_address=address)
    assert matching.is_now_available(now)


def test_it_has_no_request_no_preference_and_no_visitor_in_it(people: SimpleNamespace) -> None:
    submit_request()
    peer = team().peers[people.ana.pk]
    assert (peer.open_contacts, peer.not_now, peer.experiences) == (0, frozenset(), frozenset())


def test_the_form_that_is_kept_has_nothing_of_who_asked_for_it(people: SimpleNamespace) -> None:
    first = Client(
        headers={"user-agent": "canary-agent", "referer": "http://canary.example/"}, REMOTE_ADDR="198.51.100.7"
    )
    first.cookies["visit"] = "canary-cookie"
    page = first.get("/request/?canary=1", headers={"accept-language": "canary"}).content.decode()
    (kept,) = team().pages.values()
    other = Client().get("/request/").content.decode()
    for trace in ("canary", "198.51.100.7"):
        assert trace not in kept and trace not in other
    assert token_in(page) != token_in(other)
    assert page.replace(token_in(page), "")[: len(kept) - 200] == other.replace(token_in(other), "")[: len(kept) - 200]


def test_the_receipts_page_is_kept_without_what_is_on_it(people: SimpleNamespace) -> None:
    """The usual one is rendered once. One that follows from somebody's wishes is not kept at all."""
    receipts = [words_in(sent(message="a canary of their own")) for _ in range(2)]
    urgencies, kept = zip(
        *[(key[1], page) for key, page in team().pages.items() if "Request sent" in page], strict=True
    )
    assert set(urgencies) == set(Urgency), "all at once, whichever was sent"
    kept = kept[0]
    places = words_in(kept)
    assert receipts[0] != receipts[1] and len(places) == 7 and not set(places) & {*receipts[0], *receipts[1]}
    assert "canary" not in kept
    answer = sent(message="another")
    assert answer.count(" ".join(words_in(answer))) == 1, "in the form that skips typing"
    assert not [place for place in places if place in answer]
    before = dict(team().pages)
    assert "The peer you named is being asked" in sent(wanted=str(people.ana.pk))
    assert team().pages == before


def sent(**typed: str) -> str:
    officer = Client(headers={"user-agent": "canary"})
    token = token_in(officer.get("/request/").content.decode())
    return officer.post("/request/", {"urgency": "today", "understood": "on", "token": token, **typed}).content.decode()


def words_in(page: str) -> list[str]:
    return re.findall(r"<span>(\w+)</span>", page.partition('id="receipt"')[2].partition("</p>")[0])


def token_in(page: str) -> str:
    return page.partition('name="token" value="')[2].partition('"')[0]


def test_the_form_names_who_serves_now(people: SimpleNamespace) -> None:
    client = Client()
    assert "Ana Alvarez" in client.get("/request/").content.decode()
    membership.take_leave(member_id=people.ana.pk, first=people.today, last=None, by=people.coordinator)
    assert "Ana Alvarez" not in client.get("/request/").content.decode(), "the whole name: three letters come by chance"


def test_a_flood_asks_for_its_own_calculation_in_each_form(people: SimpleNamespace, settings: object) -> None:
    settings.BRAKE_AT = 1  # type: ignore[attr-defined]
    for _ in range(2):
        submit_request()
    pages = [Client().get("/request/").content.decode() for _ in range(2)]
    challenges = [page.partition('data-challenge="')[2].partition('"')[0] for page in pages]
    assert all("PBKDF2" in challenge for challenge in challenges) and len(set(challenges)) == 2


@pytest.mark.parametrize("number", [1, 30])
def test_a_form_takes_as_many_queries_with_many_open(
    people: SimpleNamespace, number: int, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for _ in range(number):
        submit_request()
    client = Client()
    client.get("/request/")
    outlines.open_now()
    with django_assert_max_num_queries(10):  # type: ignore[attr-defined]
        client.get("/request/")
