"""A candidate who lost the private link: everybody gets the same answer, and the link goes only to the address."""

import pytest

from applications.domain.states import ApplicationState
from applications.models import Application, DailyMailCount
from tests.applications.conftest import CORY, begin_review, decide, link_in, read_mail, send_form, sent, text_of

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
    known, unknown = ask_for_link(candidate), ask_for_link(candidate, "nobody@example.org")
    assert "If we know this address" in known and known == unknown
    read_mail()
    ask_for_link(candidate)
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
    answers = {ask_for_link(candidate) for _ in range(7)}
    assert (len(answers), len(read_mail())) == (1, 5)
    assert "e-mail address" in ask_for_link(candidate, "no address")


def test_pages_offer_to_send_link_again(candidate):
    for page in ("/apply/", "/apply/status/lost/"):
        assert f'href="{AGAIN}"' in candidate.get(page).content.decode()
