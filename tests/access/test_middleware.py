"""Two planes at the door: what an anonymous page reads, sets and lets in."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, path

from peersupport.access.public_routes import ANONYMOUS_ROUTES, SIGN_IN_ROUTES
from peersupport.team.models import Member, User
from tests.access.routes import all_routes
from tests.cast import CAST_PASSWORD, sign_in

PUBLIC = ["/", "/about/", "/confidentiality/", "/resources/", "/team/", "/request/", "/request/return/", "/healthz"]
UNKNOWN = ["/nowhere/", "/accounts/login/", "/accounts/signup/", "/admin/", "/members/1/nothing/"]
WITHOUT_SLASH = ["/desk", "/members/1", "/request"]


@pytest.fixture
def strict() -> Client:
    """A browser that is asked for its CSRF token, as real ones are."""
    return Client(enforce_csrf_checks=True)


# Nothing read, nothing set


@pytest.mark.parametrize("method", ["get", "head", "options", "post"])
def test_anonymous_page_sets_no_cookie_and_reads_no_session(client: Client, ana: Member, method: str) -> None:
    sign_in(client, ana)
    before = {name: morsel.value for name, morsel in client.cookies.items()}
    for address in PUBLIC + UNKNOWN + WITHOUT_SLASH:
        with CaptureQueriesContext(connection) as made:
            answer = getattr(client, method)(address)
        assert not answer.cookies, f"{address} sets a cookie"
        assert {name: morsel.value for name, morsel in client.cookies.items()} == before
        assert not hasattr(answer.wsgi_request, "session") and not hasattr(answer.wsgi_request, "user"), address
        read = " ".join(query["sql"] for query in made)
        assert "django_session" not in read and ana.user.email not in read, address
        assert "Cookie" not in answer.get("Vary", ""), address


@pytest.mark.parametrize("address", ["/", "/team/", "/request/", "/nowhere/"])
def test_member_who_asks_for_help_gets_what_everybody_gets(client: Client, ana: Member, address: str) -> None:
    anonymous = client.get(address).content.decode()
    signed_in = sign_in(Client(), ana).get(address).content.decode()
    assert ana.user.email not in signed_in
    if "token" not in anonymous:
        assert signed_in == anonymous


@pytest.mark.parametrize("address", UNKNOWN)
def test_unknown_address_answers_404_to_everybody(client: Client, ana: Member, address: str) -> None:
    for browser in (client, sign_in(Client(), ana)):
        assert browser.get(address).status_code == 404


# Who is let in


def test_the_list_names_only_pages_that_exist() -> None:
    assert set(all_routes()) >= ANONYMOUS_ROUTES | SIGN_IN_ROUTES
    assert not ANONYMOUS_ROUTES & SIGN_IN_ROUTES


def test_page_that_is_not_on_the_list_leads_to_signing_in(client: Client, db: None) -> None:
    answer = client.get("/members/?sort=name")
    assert answer["Location"] == "/sign-in/?next=/members/%3Fsort%3Dname"


def test_a_view_cannot_open_itself(client: Client, db: None, settings: object) -> None:
    """The library marks its password page as needing a login by itself; a page that says the opposite is not heard."""
    settings.ROOT_URLCONF = "tests.access.test_middleware"
    assert client.get("/opens-itself/")["Location"] == "/sign-in/?next=/opens-itself/"


def opens_itself(request: object) -> object:
    raise AssertionError("nobody gets here")


opens_itself.login_required = False
urlpatterns = [path("opens-itself/", opens_itself), *get_resolver("peersupport.urls").url_patterns]


@pytest.mark.parametrize("method", ["head", "options", "put", "patch", "delete", "trace"])
def test_no_method_leads_past_signing_in(client: Client, ana: Member, method: str) -> None:
    for address in ("/members/", f"/members/{ana.pk}/", "/my-page/", "/my-page/password/", "/home/", "/desk/"):
        answer = getattr(client, method)(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


# Forms of staff pages: a token


def test_staff_form_without_its_token_is_sent_back_calmly(strict: Client, coordinator: User) -> None:
    answer = strict.post("/sign-in/", {"login": coordinator.email, "password": CAST_PASSWORD})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Please send that once more" in page
    for technical in ("CSRF", "cookie not set", "Forbidden"):
        assert technical not in page


def test_staff_form_with_its_token_is_taken(strict: Client, coordinator: User) -> None:
    strict.get("/sign-in/")
    typed = {"login": coordinator.email, "password": CAST_PASSWORD}
    typed["csrfmiddlewaretoken"] = strict.cookies["csrftoken"].value
    assert strict.post("/sign-in/", typed).status_code == 302
    assert strict.cookies["csrftoken"]["max-age"] == ""


# Forms of anonymous pages: where they come from


@pytest.mark.parametrize(
    ("headers", "is_taken"),
    [
        ({}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Origin": "null"}, False),
        ({"Origin": "https://testserver"}, False),
        ({"Origin": "http://testserver.elsewhere.example"}, False),
        ({"Origin": "http://testserver:8080"}, False),
        ({"Origin": ""}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"}, False),
    ],
)
def test_only_this_site_posts_to_anonymous_pages(
    strict: Client, db: None, headers: dict[str, str], is_taken: bool
) -> None:
    answer = strict.post("/request/return/", {"receipt": ""}, headers=headers)
    assert answer.status_code == (200 if is_taken else 403)
    assert not answer.cookies


def test_anonymous_page_can_be_read_from_anywhere(strict: Client, db: None) -> None:
    assert strict.get("/request/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


# Whatever happens


@pytest.mark.parametrize("address", ["/", "/request/", "/sign-in/", "/members/", "/nowhere/", "/request"])
def test_every_answer_carries_the_strict_headers(client: Client, db: None, address: str) -> None:
    answer = client.get(address)
    policy = answer["Content-Security-Policy"]
    for part in ("default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy and "nonce" not in policy
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("address", ["/", "/members/", "/nowhere/"])
def test_wrong_host_is_a_clear_400_on_every_plane(client: Client, db: None, address: str) -> None:
    answer = client.get(address, headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert not answer.cookies


def test_redirect_to_tls_comes_before_any_page(client: Client, settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = True
    for address in ("/", "/members/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (301, f"https://testserver{address}")


def test_middleware_stands_in_the_order_it_relies_on() -> None:
    order = [name.rpartition(".")[2] for name in settings.MIDDLEWARE]
    assert order[0] == "PlaneMiddleware", "everything after it asks which plane this is"
    assert order.index("CommonMiddleware") < order.index("SameOriginMiddleware"), "a wrong host is refused first"
    for earlier, later in zip(
        ["SameOrigin", "StaffSession", "StaffCsrf", "StaffAuthentication", "StaffMessage", "StaffLoginRequired"],
        ["StaffSession", "StaffCsrf", "StaffAuthentication", "StaffMessage", "StaffLoginRequired", "Account"],
        strict=True,
    ):
        assert order.index(f"{earlier}Middleware") < order.index(f"{later}Middleware")
