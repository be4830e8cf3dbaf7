"""Tallies of what did not come through this site: several at once, only once, and impossible to look up again."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.team.models import Member
from requests_app.models import SubmittedForm
from stats.queries import current_period
from tests.cast import sign_in
from tests.requests_app.test_tallies import counters, difference
from training.models import GivenSession

pytestmark = pytest.mark.django_db

OTHERS, GROUP, GIVEN = "/desk/tally/others/", "/desk/tally/group/", "/desk/tally/given/"
CHOICES = {"how_many": "3", "first_this_year": "yes", "concern": "grief", "mode": "phone"}


@pytest.fixture
def desk(open_year: None, ana: Member) -> Client:
    return sign_in(Client(), ana)


def current_counters() -> dict[str, int]:
    return counters(current_period(timezone.localdate()).year)


def token_of(client: Client, address: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get(address).content.decode())
    assert found
    return found[1]


def test_several_alike_contacts_are_reviewed_and_counted_at_once(desk: Client) -> None:
    before, typed = current_counters(), {**CHOICES, "token": token_of(desk, OTHERS)}
    page = desk.post(OTHERS, typed).content.decode()
    assert "Once it's counted, you can't undo it" in page and "<dd>3</dd>" in page and "Phone" in page
    assert current_counters() == before and not SubmittedForm.objects.exists()
    page = desk.post(OTHERS, {**typed, "change": "1"}).content.decode()
    assert "Once it's counted" not in page
    assert "Three contacts counted." in desk.post(OTHERS, {**typed, "confirmed": "1"}, follow=True).content.decode()
    changed = difference(before, current_counters())
    assert len(changed) == 4 and set(changed.values()) == {3}


def test_second_press_counts_nothing_even_with_other_answers(desk: Client) -> None:
    before, token = current_counters(), token_of(desk, OTHERS)
    for concern in ("grief", "grief", "work"):
        page = desk.post(OTHERS, {**CHOICES, "concern": concern, "token": token, "confirmed": "1"}, follow=True)
    assert "counts once" in page.content.decode()
    assert set(difference(before, current_counters()).values()) == {3}


@pytest.mark.parametrize("first", ["no", "unknown"])
def test_contacts_that_are_not_the_first_are_reviewed_and_counted_as_contacts_only(desk: Client, first: str) -> None:
    before, typed = current_counters(), {**CHOICES, "first_this_year": first, "token": token_of(desk, OTHERS)}
    page = desk.post(OTHERS, typed).content.decode()
    assert "Grief" not in page and "counts as a contact and not as one more person" in page
    desk.post(OTHERS, {**typed, "confirmed": "1"})
    assert list(difference(before, current_counters()).values()) == [3]


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
def test_invalid_answer_counts_nothing(desk: Client, field: str, value: str) -> None:
    before, typed = current_counters(), {**CHOICES, "token": token_of(desk, OTHERS), "confirmed": "1"}
    page = desk.post(OTHERS, {**typed, field: value})
    assert page.status_code == 200 and "Please look at this again" in page.content.decode()
    assert current_counters() == before


def test_response_time_is_not_asked_of_contacts_elsewhere(desk: Client) -> None:
    before = current_counters()
    assert 'name="response"' not in desk.get(OTHERS).content.decode()
    desk.post(OTHERS, {**CHOICES, "response": "later", "token": token_of(desk, OTHERS), "confirmed": "1"})
    assert len(difference(before, current_counters())) == 4


@pytest.mark.parametrize("token", ["", "made-up"])
def test_stale_form_keeps_the_answers(desk: Client, token: str) -> None:
    before = current_counters()
    page = desk.post(OTHERS, {**CHOICES, "token": token, "confirmed": "1"}).content.decode()
    assert "nothing was counted" in page and "Once it's counted" not in page
    assert re.search(r'value="grief"[^>]*checked', page)
    assert current_counters() == before
    again = re.search(r'name="token" value="([^"]+)"', page)
    assert again
    desk.post(OTHERS, {**CHOICES, "token": again[1], "confirmed": "1"})
    assert set(difference(before, current_counters()).values()) == {3}


def test_group_session_counts_once_and_nothing_else(desk: Client) -> None:
    before, typed = current_counters(), {"code": "defusing", "token": token_of(desk, GROUP)}
    assert "Review your answers" in desk.post(GROUP, typed).content.decode()
    assert current_counters() == before
    for _ in range(2):
        desk.post(GROUP, {**typed, "confirmed": "1"})
    assert list(difference(before, current_counters()).values()) == [1]
    assert not Entry.objects.exclude(action="year_opened").exists(), "who counted it is nowhere"


def test_education_session_is_recorded_once_with_its_headcount(desk: Client, ana: Member) -> None:
    before = current_counters()
    typed = {
        "kind": "education",
        "topic": "Roll call",
        "held_on": timezone.localdate(),
        "headcount": 12,
        "token": token_of(desk, GIVEN),
    }
    assert "This day is in the future" in desk.post(GIVEN, {**typed, "held_on": "2199-01-01"}).content.decode()
    for _ in range(2):
        desk.post(GIVEN, typed)
    assert list(GivenSession.objects.values_list("topic", "headcount")) == [("Roll call", 12)]
    assert Entry.objects.get(action="session_given").by_id == ana.user.pk
    assert current_counters() == before


def test_form_is_not_marked_submitted_while_no_year_is_open(ana: Member) -> None:
    desk = sign_in(Client(), ana)
    typed = {**CHOICES, "token": token_of(desk, OTHERS), "confirmed": "1"}
    page = desk.post(OTHERS, typed, follow=True).content.decode()
    assert str(current_period(timezone.localdate()).year) in page
    assert not SubmittedForm.objects.exists()
