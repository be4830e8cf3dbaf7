"""Who may open what, seen from outside: every address, for every kind of person, by GET and POST."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.http.cookie import SimpleCookie
from django.test import Client
from django.utils import timezone

from peersupport.team.models import Invitation, User
from tests.access.expected_statuses import EXPECTED, WHO
from tests.access.routes import all_routes
from tests.access.world import World, address_of
from tests.cast import sign_in


def answers(client: Client, method: str, address: str) -> int:
    """The status of an empty form, with a CSRF token as from a browser; what it changed is rolled back."""
    cookies = client.cookies.output()
    with transaction.atomic():
        status = getattr(client, method)(address, {"csrfmiddlewaretoken": "from the page"}).status_code
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies.replace("Set-Cookie: ", ""))
    return status


def test_every_address_has_an_entry_and_every_entry_an_address() -> None:
    routes = all_routes()
    assert len(routes) == len(set(routes)), "two addresses of one name"
    assert set(EXPECTED) - set(routes) == set(), "entries without an address"
    assert set(routes) - set(EXPECTED) == set(), "addresses without an entry: think, then add one"


@pytest.mark.parametrize("name", EXPECTED)
def test_entry_names_a_status_for_each_person(name: str) -> None:
    for statuses in EXPECTED[name]:
        assert len(statuses.split()) == len(WHO)
        assert all(status.isdigit() for status in statuses.split())


@pytest.mark.parametrize("who", WHO)
def test_every_address_answers_as_it_should(request: pytest.FixtureRequest, world: World, who: str) -> None:
    client = Client()
    if who != "anonymous":
        sign_in(client, request.getfixturevalue("ana" if who == "member" else who))
    column, expected, actual = WHO.index(who), {}, {}
    for name, row in EXPECTED.items():
        address = address_of(name, world)
        for method, statuses in row._asdict().items():
            expected[f"{method} {name}"] = int(statuses.split()[column])
            actual[f"{method} {name}"] = answers(client, method, address)
    assert actual == expected


def test_a_forbidden_page_looks_the_same_as_a_missing_one(client: Client, world: World, operator: User) -> None:
    sign_in(client, operator)
    forbidden, missing = client.get(f"/members/{world.other.pk}/"), client.get("/members/987654321/")
    assert forbidden.status_code == missing.status_code == 404
    assert forbidden.content == missing.content
    assert world.other.user.name not in forbidden.content.decode()


def test_the_invitation_in_these_tests_is_still_valid(world: World) -> None:
    assert Invitation.objects.get().valid_until > timezone.now() + timedelta(days=6)
