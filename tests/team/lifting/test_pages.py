"""The pages about a lost second factor, and what the member reads meanwhile."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from peersupport.team.actions import lifting
from peersupport.team.models import Member, User
from peersupport.team.queries import eligibility
from tests.cast import give_factor, sign_in
from tests.team.lifting.steps import signed_in, states

pytestmark = pytest.mark.django_db


def test_asking_makes_the_member_unavailable_and_one_press_ends_it(
    owner: User, ana: Member, ben: Member, coordinator: User
) -> None:
    lifting.ask(user_id=owner.pk, by=coordinator)
    assert not eligibility.can_serve(ana) and eligibility.can_serve(ben)
    client = signed_in(owner)
    for address in ("/desk/", "/my-page/", "/my-page/hours/"):
        said = client.get(address).content.decode()
        assert "You were made unavailable, because you couldn&#x27;t get in." in said and "I&#x27;m back" in said
    for address in ("/desk/", "/my-page/"):
        said = client.get(address).content.decode()
        assert "Someone asked to lift your second factor." in said and "/my-page/lifting/" in said
    client.post("/my-page/pause/end/")
    assert eligibility.can_serve(ana)
    assert "made unavailable" not in client.get("/my-page/").content.decode()
    assert states() == ["asked"], "that is another question"


def test_list_shows_what_is_under_way_and_whom_it_could_be_about(
    client: Client, owner: User, coordinator: User, director: User
) -> None:
    give_factor(director)
    lifting.ask(user_id=owner.pk, by=coordinator)
    said = sign_in(client, director).get("/lost-second-factors/").content.decode()
    assert "Waits for a second person until" in said and "Ana Alvarez" in said and "@" not in said
    assert f"/lost-second-factors/{director.pk}/" not in said, "their own"
    home = client.get("/home/").content.decode()
    assert "Ana Alvarez lost their second factor, and it takes a second person to lift it" in home
    assert "Ana Alvarez lost" not in sign_in(Client(), coordinator).get("/home/").content.decode()


def test_pages_about_a_person_lead_there(owner: User, ana: Member, coordinator: User, operator: User) -> None:
    link = f"/lost-second-factors/{owner.pk}/"
    assert link in sign_in(Client(), coordinator).get(f"/members/{ana.pk}/").content.decode()
    assert link in sign_in(Client(), operator).get(f"/accounts/{owner.pk}/").content.decode()


def test_designee_finds_nothing_there(client: Client, owner: User, ana: Member, designee: User) -> None:
    sign_in(client, designee)
    assert client.get(f"/lost-second-factors/{owner.pk}/").status_code == 404
    assert client.post(f"/lost-second-factors/{owner.pk}/ask/").status_code == 404
    assert "lost-second-factors" not in client.get(f"/members/{ana.pk}/").content.decode()


def test_list_takes_as_many_queries_for_many(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    taken = []
    for number in (1, 20):
        for each in range(number):
            give_factor(User.objects.create(name="Somebody", email=f"p{number}-{each}@example.org", is_member=True))
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/lost-second-factors/").status_code == 200
        taken.append(len(queries))
    assert taken[0] == taken[1]
