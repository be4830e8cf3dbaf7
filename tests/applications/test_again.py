"""A candidate who has lost the private link: the same answer whoever asks, and the link goes to the address alone."""

import pytest

from applications.domain.states import State
from applications.models import Application, DailyMailCount
from tests.applications.conftest import CORY, decide, link_in, read_mail, sent, take_up
from tests.applications.test_candidate import send, words

pytestmark = pytest.mark.django_db
AGAIN = "/apply/again/"


def asks(client, email: str = "Cory@Example.org") -> str:
    return words(client.post(AGAIN, {"email": email}))


def leads_to(client) -> str:
    """The heading behind the link in the one mail that came."""
    (letter,) = read_mail()
    assert letter.to == [CORY["email"]] and CORY["name"] not in letter.body
    purpose = next(part for part in ("status", "confirm", "draft") if f"/apply/{part}/" in letter.body)
    page = client.get(f"/apply/{purpose}/{link_in(letter)}/")
    assert page.status_code == 200
    return words(page)


def test_it_is_mailed_to_whoever_has_applied_and_the_page_says_the_same_to_all(candidate, application):
    known, unknown = asks(candidate), asks(candidate, "nobody@example.org")
    assert "If we know this address" in known and known == unknown
    read_mail()
    asks(candidate)
    assert "Your application has arrived" in leads_to(candidate)


@pytest.mark.parametrize(("press", "said"), [("save", "Saved."), ("send", "Is this your address?")])
def test_a_draft_and_a_confirmation_are_found_again_too(candidate, press, said):
    send(candidate, press=press)
    read_mail()
    asks(candidate)
    assert said in leads_to(candidate)


def test_what_is_under_way_comes_before_what_was_begun_later(candidate, application, coordinator):
    send(candidate, press="save")
    read_mail()
    asks(candidate)
    assert "Your application has arrived" in leads_to(candidate)
    take_up(application, coordinator)
    decide(application, State.DECLINED, coordinator)
    Application.objects.filter(state=State.DRAFT).delete()
    read_mail()
    asks(candidate)
    assert "We cannot offer you a place" in leads_to(candidate)


def test_not_without_end_and_nobody_can_tell(candidate, coordinator):
    sent()
    read_mail()
    DailyMailCount.objects.all().delete()
    answers = {asks(candidate) for _ in range(7)}
    assert (len(answers), len(read_mail())) == (1, 5)
    assert "e-mail address" in asks(candidate, "no address")


def test_the_way_there_stands_where_a_link_is_missed(candidate):
    for page in ("/apply/", "/apply/status/lost/"):
        assert f'href="{AGAIN}"' in candidate.get(page).content.decode()
