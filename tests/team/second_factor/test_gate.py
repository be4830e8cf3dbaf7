"""Where a second factor is required: what a session without its mark opens, address by address."""

import pytest
from django.test import Client

from peersupport.access.public_routes import ANONYMOUS_ROUTES, SIGN_IN_ROUTES
from peersupport.team import second_factor
from peersupport.team.models import Member, User
from tests.access.expected_statuses import EXPECTED, WHO
from tests.access.test_get_changes_nothing import changed, everything
from tests.access.world import World, address_of, world  # noqa: F401
from tests.cast import CAST_PASSWORD, sign_in, sign_in_directly
from tests.team.own_factors import (
    PAGE,
    code_now,
    enroll,
    give_app,
    give_backup_codes,
    type_code,
    type_password,
    user_of,
)

pytestmark = pytest.mark.sqlite_only  # a sweep, slow, and of no database

BEFORE = {"team:second_factor", "team:add_app", "team:add_passkey"}
BEHIND = sorted(set(EXPECTED) - ANONYMOUS_ROUTES - SIGN_IN_ROUTES - BEFORE)


@pytest.fixture(autouse=True)
def required(settings) -> None:
    settings.SECOND_FACTOR_IS_REQUIRED = True


@pytest.fixture
def anas_world(request: pytest.FixtureRequest, settings) -> World:
    return request.getfixturevalue("world")


METHODS = {"operator": ("get", "post", "head", "put", "delete")}


@pytest.mark.parametrize("who", [who for who in WHO if who != "anonymous"])
def test_nothing_opens_before_a_factor_was_added(request: pytest.FixtureRequest, anas_world: World, who: str) -> None:
    """Every address, as every role: a redirect to adding one, and nothing is changed."""
    client = sign_in(Client(), request.getfixturevalue("ana" if who == "member" else who))
    before, wrong = everything(), {}
    for name in BEHIND:
        for method in METHODS.get(who, ("get", "post")):
            answer = getattr(client, method)(address_of(name, anas_world), {"csrfmiddlewaretoken": "x"})
            if (answer.status_code, answer.get("Location")) != (302, PAGE):
                wrong[f"{method} {name}"] = answer.status_code
    assert wrong == {}
    assert changed(before, everything()) == []


def test_what_adds_one_opens_without_the_rail(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    for address in (PAGE, f"{PAGE}app/", f"{PAGE}passkey/"):
        page = client.get(address)
        assert page.status_code == 200 and "rail" not in page.content.decode()
        assert 'action="/sign-out/"' in page.content.decode()
    assert client.post("/sign-out/")["Location"] == "/sign-in/"


def test_typed_text_is_given_back(client: Client, ana: Member) -> None:
    """Of somebody who was signed in when the program was upgraded."""
    sign_in(client, ana)
    answer = client.post("/my-page/profile/", {"about": "Twenty years on patrol."})
    assert answer.status_code == 403 and "Twenty years on patrol." in answer.content.decode()


@pytest.mark.parametrize("who", ["ana", "coordinator", "director", "designee", "operator"])
def test_adding_one_opens_the_session_once_the_codes_are_kept(request: pytest.FixtureRequest, who: str) -> None:
    somebody = request.getfixturevalue(who)
    client = sign_in(Client(), somebody)
    page = client.get(f"{PAGE}app/")
    code = code_now(page.context["secret"].replace(" ", ""))
    client.post(f"{PAGE}app/", {"setup": page.context["setup"], "code": code, "password": CAST_PASSWORD})
    assert client.get("/my-page/")["Location"] == PAGE, "the codes are not kept yet"
    assert client.post(f"{PAGE}backup-codes/kept/", {}).status_code == 200
    assert client.get("/my-page/")["Location"] == PAGE
    after = client.post(f"{PAGE}backup-codes/kept/", {"is_kept": "on"}, follow=True)
    assert after.redirect_chain[0] == ("/home/", 302) and "Your second factor is set up." in after.content.decode()
    assert client.get("/my-page/").status_code == 200
    assert second_factor.enrolled(user_of(somebody))
    again = client.post(f"{PAGE}backup-codes/kept/", {"is_kept": "on"})
    assert again["Location"] == PAGE, "from a later visit it leads back to the page about it"


def test_codes_that_were_never_kept_are_asked_for_at_the_next_sign_in(client: Client, coordinator: User) -> None:
    give_app(coordinator)
    give_backup_codes(coordinator, kept=False)
    type_password(client, coordinator)
    type_code(client, code_now())
    assert client.get("/members/")["Location"] == PAGE
    assert client.get(f"{PAGE}app/")["Location"] == PAGE
    replaced = client.get(f"{PAGE}backup-codes/").context["form"]["replaced_id"].value()
    client.post(f"{PAGE}backup-codes/", {"password": CAST_PASSWORD, "replaced_id": replaced})
    client.post(f"{PAGE}backup-codes/kept/", {"is_kept": "on"})
    assert client.get("/members/").status_code == 200


def test_a_session_from_before_the_factor_ends(coordinator: User) -> None:
    old, new = Client(), Client()
    for client in (old, new):
        sign_in_directly(client, coordinator)
    enroll(new, coordinator)
    assert old.post(f"{PAGE}app/", {"password": CAST_PASSWORD})["Location"] == "/sign-in/"
    assert "_auth_user_id" not in old.session
    assert new.get("/members/").status_code == 200


def test_a_session_that_ends_so_gives_typed_text_back(client: Client, ana: Member) -> None:
    sign_in(client, ana)
    give_app(ana.user)
    answer = client.post("/my-page/profile/", {"about": "Twenty years on patrol."})
    assert answer.status_code == 403 and "Twenty years on patrol." in answer.content.decode()
    assert "_auth_user_id" not in client.session and client.cookies["peerkey"].value == ""


def test_whoever_has_passed_it_costs_no_query(client: Client, coordinator: User, django_assert_num_queries) -> None:
    sign_in_directly(client, coordinator)
    enroll(client, coordinator)
    with django_assert_num_queries(2):  # the session and the account
        client.post("/my-page/second-factor/")


def test_the_home_offers_one_where_none_is_required(settings, client: Client, coordinator: User, ana: Member) -> None:
    settings.SECOND_FACTOR_IS_REQUIRED = False
    sign_in_directly(client, coordinator)
    member = sign_in(Client(), ana)
    assert "Turn on a second factor." in client.get("/home/").content.decode()
    assert "Turn on a second factor." in member.get("/desk/").content.decode()
    enroll(client, coordinator)
    assert "Turn on a second factor." not in client.get("/home/").content.decode()
