"""By telephone only: who may switch it, what an officer reads meanwhile, and that nothing typed is lost."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.notices.models import Notice
from peersupport.team.models import Member, User
from requests_app.actions import telephone_only
from requests_app.domain.intake import is_still_taken
from requests_app.models import Request, TelephoneOnly
from requests_app.queries import intake
from tests.cast import make_member, sign_in, take_off_call
from tests.requests_app.conftest import OpenRequest, submit_request
from tests.requests_app.test_submission import FORM, receipt_on, token_on

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 15, 7, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def begin(by: User, hours: int = 2) -> None:
    telephone_only.begin(hours=hours, by=by, now=NOW)


def form(officer: Client) -> dict[str, str]:
    return {**FORM, "token": token_on(officer.get("/request/").content), "message": "three nights now"}


def test_the_form_shows_numbers_first_and_until_when_in_plain_words(clock, officer: Client, coordinator: User) -> None:
    begin(coordinator)
    answer = officer.get("/request/")
    page = answer.content.decode()
    assert answer.status_code == 200 and not answer.cookies
    assert "We&#x27;re taking requests by telephone only, until Monday, May 4, 2026, 12:07 p.m. (1207) CDT." in page
    assert "tel:988" in page and "<textarea" not in page and 'href="/request/return/"' in page


def test_the_front_page_says_so_and_until_when(clock, officer: Client, coordinator: User) -> None:
    assert "by telephone only" not in officer.get("/").content.decode()
    begin(coordinator)
    answer = officer.get("/")
    assert "We&#x27;re taking requests by telephone only, until Monday, May 4" in answer.content.decode()
    assert not answer.cookies


def test_it_ends_by_itself(clock, officer: Client, coordinator: User, ana: Member) -> None:
    begin(coordinator, hours=1)
    clock.shift(HOUR + MINUTE)
    assert len(receipt_on(officer.post("/request/", form(officer)).content)) == 7


def test_what_was_being_written_before_is_taken_for_half_an_hour(clock, officer: Client, ana: Member) -> None:
    typed = form(officer)
    clock.shift(MINUTE)
    telephone_only.begin(hours=2, by=ana.user, now=NOW + MINUTE)
    clock.shift(20 * MINUTE)
    assert len(receipt_on(officer.post("/request/", typed).content)) == 7


def test_later_its_text_is_given_back_below_the_numbers_and_nothing_is_stored(
    clock, officer: Client, ana: Member
) -> None:
    typed = form(officer)
    clock.shift(MINUTE)
    telephone_only.begin(hours=2, by=ana.user, now=NOW + MINUTE)
    clock.shift(31 * MINUTE)
    answer = officer.post("/request/", typed)
    page = answer.content.decode()
    assert answer.status_code == 503 and page.index("tel:988") < page.index("three nights now")
    assert not Request.objects.exists()


def test_a_second_press_after_the_switch_shows_the_receipt_of_the_first(clock, officer: Client, ana: Member) -> None:
    typed = form(officer)
    words = receipt_on(officer.post("/request/", typed).content)
    telephone_only.begin(hours=2, by=ana.user, now=NOW + MINUTE)
    clock.shift(50 * MINUTE)
    assert receipt_on(officer.post("/request/", typed).content) == words


def test_return_and_open_contacts_go_on(clock, officer: Client, coordinator: User, contact: OpenRequest) -> None:
    begin(coordinator)
    officer.post("/request/return/", {"receipt": " ".join(contact.receipt_words)})
    assert "I have not slept." in officer.get("/request/thread/").content.decode()


@pytest.mark.parametrize(
    ("signed", "now", "is_taken"), [(-1, 29, True), (-1, 30, False), (0, 1, False), (1, 1, False), (None, 1, False)]
)
def test_which_forms_are_still_taken(signed: int | None, now: int, is_taken: bool) -> None:
    signed_at = None if signed is None else NOW + signed * MINUTE
    assert is_still_taken(signed_at, NOW, NOW + now * MINUTE) is is_taken


def test_who_is_on_call_may_and_others_may_not(clock, ana: Member, ben: Member, director: User) -> None:
    take_off_call(ben)
    for somebody in (ben.user, director):
        with pytest.raises(Refused):
            begin(somebody)
    begin(ana.user)
    assert intake.telephone_only(NOW) is not None
    with pytest.raises(Refused):
        telephone_only.end(by=ben.user, now=NOW)
    telephone_only.end(by=ana.user, now=NOW)
    assert intake.telephone_only(NOW) is None


@pytest.mark.parametrize("hours", [0, 5, -1, 100])
def test_four_hours_at_most(clock, coordinator: User, hours: int) -> None:
    with pytest.raises(Refused):
        begin(coordinator, hours)


def test_a_second_press_makes_it_no_longer(clock, coordinator: User, ana: Member) -> None:
    begin(coordinator, hours=1)
    telephone_only.begin(hours=4, by=ana.user, now=NOW + MINUTE)
    assert TelephoneOnly.objects.get().until == NOW + HOUR


def test_it_is_audited_and_the_others_on_call_are_told(clock, coordinator: User, ana: Member, ben: Member) -> None:
    begin(ana.user)
    assert set(Notice.objects.values_list("recipient", "is_urgent")) == {(coordinator.pk, True), (ben.user_id, True)}
    telephone_only.end(by=coordinator, now=NOW)
    recorded = Entry.objects.filter(action__startswith="telephone_only").order_by("pk")
    assert list(recorded.values_list("action", "by", "about")) == [
        ("telephone_only_begun", ana.user_id, "hours:2"),
        ("telephone_only_ended", coordinator.pk, ""),
    ]


def test_the_page_switches_it_and_the_home_and_every_desk_say_so(
    clock, client: Client, coordinator: User, ana: Member
) -> None:
    sign_in(client, coordinator)
    page = client.post("/telephone/", {"hours": "2"}, follow=True).content.decode()
    said = "Requests are taken by telephone only, until 12:07."
    assert said in page and "Open the form again" in page
    assert said.rstrip(".") in client.get("/home/").content.decode()
    assert said in client.get("/waiting/").content.decode()
    peer = Client()
    sign_in(peer, ana)
    assert said in peer.get("/desk/").content.decode()
    page = client.post("/telephone/", {"end": "1"}, follow=True).content.decode()
    assert "The form takes requests." in page


def test_a_member_who_is_not_on_call_reads_who_can(client: Client, ana: Member, coordinator: User) -> None:
    ben = make_member("Ben Brandt", confirmed_by=coordinator, on_call=False)
    sign_in(client, ben)
    page = client.get("/telephone/").content.decode()
    assert "The coordinator and those on call can change this." in page and "<select" not in page
    answer = client.post("/telephone/", {"hours": "2"})
    assert "aren&#x27;t on call right now" in answer.content.decode()
    assert intake.telephone_only(datetime.now(UTC)) is None


def test_a_request_from_before_stays_where_it_is(clock, ana: Member, coordinator: User) -> None:
    submit_request()
    begin(coordinator)
    assert Request.objects.count() == 1
