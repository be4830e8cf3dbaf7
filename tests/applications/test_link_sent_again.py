"""A candidate who lost the private link: everybody gets the same answer, and the link goes only to the address."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from applications.domain.states import ApplicationState
from applications.models import Application, DailyMailCount, PrivateLink
from peersupport.team.actions.invitations import hash_token
from tests.applications.conftest import (
    CORY,
    begin_review,
    decide,
    link_in,
    quarter_of_an_hour_later,
    read_mail,
    send_form,
    sent,
    text_of,
)

pytestmark = pytest.mark.django_db
AGAIN = "/apply/again/"


def ask_for_link(client, email: str = "Cory@Example.org") -> str:
    return text_of(client.post(AGAIN, {"email": email}))


def page_behind_link(client) -> str:
    """The text of the page behind the link in the only mail."""
    (letter,) = read_mail()
    assert letter.to == [CORY["email"]] and CORY["name"] not in letter.body
    purpose = next(part for part in ("status", "confirm", "draft") if f"/apply/{part}/" in letter.body)
    page = client.get(f"/apply/{purpose}/{link_in(letter)}/")
    assert page.status_code == 200
    return text_of(page)


def test_page_is_same_for_known_and_unknown_address(candidate, application):
    read_mail()
    known, unknown = ask_for_link(candidate), ask_for_link(candidate, "nobody@example.org")
    assert "If we know this address" in known and known == unknown
    assert "We have your application" in page_behind_link(candidate)


@pytest.mark.parametrize(("press", "sentence"), [("save", "Saved."), ("send", "Is this your e-mail address?")])
def test_draft_and_unconfirmed_get_their_link(candidate, press, sentence):
    send_form(candidate, press=press)
    read_mail()
    ask_for_link(candidate)
    assert sentence in page_behind_link(candidate)


def test_application_under_way_comes_before_later_draft(candidate, application, coordinator):
    send_form(candidate, press="save")
    read_mail()
    ask_for_link(candidate)
    assert "We have your application" in page_behind_link(candidate)
    quarter_of_an_hour_later()
    begin_review(application, coordinator)
    decide(application, ApplicationState.DECLINED, coordinator)
    Application.objects.filter(state=ApplicationState.DRAFT).delete()
    read_mail()
    ask_for_link(candidate)
    assert "We can't offer you a spot" in page_behind_link(candidate)


def test_daily_limit_is_not_visible_on_page(candidate, coordinator):
    sent()
    read_mail()
    DailyMailCount.objects.all().delete()
    answers = set()
    for _ in range(7):
        quarter_of_an_hour_later()
        answers.add(ask_for_link(candidate))
    assert (len(answers), len(read_mail())) == (1, 5)
    assert "e-mail address" in ask_for_link(candidate, "no address")


def test_asking_again_mails_once_in_a_quarter_of_an_hour_and_always_the_same_link(candidate, application):
    read_mail()
    ask_for_link(candidate)
    ask_for_link(candidate)
    (first,) = read_mail()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        ask_for_link(candidate)
        (second,) = read_mail()
        assert link_in(first) == link_in(second)
    assert candidate.get(f"/apply/status/{link_in(first)}/").status_code == 200
    assert PrivateLink.objects.filter(token_hash=hash_token(link_in(first))).count() == 1


def test_link_that_anybody_asks_for_uses_up_nothing(candidate, application):
    for _ in range(20):
        ask_for_link(candidate)
    quarter_of_an_hour_later()
    read_mail()
    ask_for_link(candidate)
    assert len(read_mail()) == 1


def test_pages_offer_to_send_link_again(candidate):
    for page in ("/apply/", "/apply/status/lost/"):
        assert f'href="{AGAIN}"' in candidate.get(page).content.decode()
