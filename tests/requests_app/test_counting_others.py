"""Counting what did not come through this site: several at once, once, and nothing that could be found again."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.team.models import Member
from requests_app.models import SubmittedForm
from stats.queries import current_period
from tests.cast import sign_in
from tests.requests_app.test_counting import counters, difference
from training.models import GivenSession

pytestmark = pytest.mark.django_db

OTHERS, GROUP, GIVEN = "/desk/tally/others/", "/desk/tally/group/", "/desk/tally/given/"
CHOICES = {"how_many": "3", "first_this_year": "yes", "concern": "grief", "mode": "phone"}


@pytest.fixture
def desk(open_year: None, ana: Member) -> Client:
    return sign_in(Client(), ana)


def now() -> dict[str, int]:
    return counters(current_period(timezone.localdate()).year)


def token_of(client: Client, address: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get(address).content.decode())
    assert found
    return found[1]


def test_several_alike_are_looked_over_and_count_at_once(desk: Client) -> None:
    before, typed = now(), {**CHOICES, "token": token_of(desk, OTHERS)}
    page = desk.post(OTHERS, typed).content.decode()
    assert "Once counted it cannot be taken back" in page and "<dd>3</dd>" in page and "Phone" in page
    assert now() == before and not SubmittedForm.objects.exists()
    page = desk.post(OTHERS, {**typed, "change": "1"}).content.decode()
    assert "Once counted" not in page
    desk.post(OTHERS, {**typed, "confirmed": "1"})
    changed = difference(before, now())
    assert len(changed) == 4 and set(changed.values()) == {3}


def test_a_second_press_counts_nothing_whatever_was_changed_before_it(desk: Client) -> None:
    before, token = now(), token_of(desk, OTHERS)
    for concern in ("grief", "grief", "work"):
        page = desk.post(OTHERS, {**CHOICES, "concern": concern, "token": token, "confirmed": "1"}, follow=True)
    assert "counts once" in page.content.decode()
    assert set(difference(before, now()).values()) == {3}


@pytest.mark.parametrize("first", ["no", "unknown"])
def test_not_the_first_counts_as_contacts_alone_and_is_looked_over_as_such(desk: Client, first: str) -> None:
    before, typed = now(), {**CHOICES, "first_this_year": first, "token": token_of(desk, OTHERS)}
    assert "Grief" not in desk.post(OTHERS, typed).content.decode()
    desk.post(OTHERS, {**typed, "confirmed": "1"})
    assert list(difference(before, now()).values()) == [3]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("how_many", "0"),
        ("how_many", "9"),
        ("how_many", ""),
        ("first_this_year", ""),
        ("concern", "boredom"),
        ("mode", "web_site"),
    ],
)
def test_what_is_on_no_list_counts_nothing(desk: Client, field: str, value: str) -> None:
    before, typed = now(), {**CHOICES, "token": token_of(desk, OTHERS), "confirmed": "1"}
    page = desk.post(OTHERS, {**typed, field: value})
    assert page.status_code == 200 and "Please look at this again" in page.content.decode()
    assert now() == before


def test_how_soon_somebody_answered_is_not_asked_of_what_did_not_come_through_here(desk: Client) -> None:
    before = now()
    assert 'name="response"' not in desk.get(OTHERS).content.decode()
    desk.post(OTHERS, {**CHOICES, "response": "later", "token": token_of(desk, OTHERS), "confirmed": "1"})
    assert len(difference(before, now())) == 4


@pytest.mark.parametrize("token", ["", "made-up"])
def test_a_form_that_was_open_too_long_keeps_what_was_chosen(desk: Client, token: str) -> None:
    before = now()
    page = desk.post(OTHERS, {**CHOICES, "token": token, "confirmed": "1"}).content.decode()
    assert "nothing was counted" in page and "Once counted" not in page
    assert re.search(r'value="grief"[^>]*checked', page)
    assert now() == before
    again = re.search(r'name="token" value="([^"]+)"', page)
    assert again
    desk.post(OTHERS, {**CHOICES, "token": again[1], "confirmed": "1"})
    assert set(difference(before, now()).values()) == {3}


def test_a_group_session_counts_once_and_nothing_else(desk: Client) -> None:
    before, typed = now(), {"code": "defusing", "token": token_of(desk, GROUP)}
    assert "Count it like this?" in desk.post(GROUP, typed).content.decode()
    assert now() == before
    for _ in range(2):
        desk.post(GROUP, {**typed, "confirmed": "1"})
    assert list(difference(before, now()).values()) == [1]
    assert not Entry.objects.exclude(action="year_opened").exists(), "who counted it is nowhere"


def test_education_is_on_record_once_with_its_headcount(desk: Client, ana: Member) -> None:
    before = now()
    typed = {
        "kind": "education",
        "topic": "Roll call",
        "held_on": timezone.localdate(),
        "headcount": 12,
        "token": token_of(desk, GIVEN),
    }
    assert "This day has not come yet" in desk.post(GIVEN, {**typed, "held_on": "2199-01-01"}).content.decode()
    for _ in range(2):
        desk.post(GIVEN, typed)
    assert list(GivenSession.objects.values_list("topic", "headcount")) == [("Roll call", 12)]
    assert Entry.objects.get(action="session_given").by_id == ana.user.pk
    assert now() == before


def test_without_an_open_year_nothing_is_spent(ana: Member) -> None:
    desk = sign_in(Client(), ana)
    typed = {**CHOICES, "token": token_of(desk, OTHERS), "confirmed": "1"}
    page = desk.post(OTHERS, typed, follow=True).content.decode()
    assert str(current_period(timezone.localdate()).year) in page
    assert not SubmittedForm.objects.exists()
