"""The two planes: what an anonymous page reads, sets and accepts, and what needs a signed-in user."""

import re

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
    """A browser whose CSRF tokens are checked, unlike those of other tests."""
    return Client(enforce_csrf_checks=True)


# Anonymous pages read nothing and set nothing


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
def test_a_signed_in_member_sees_the_same_pages_as_everybody(client: Client, ana: Member, address: str) -> None:
    anonymous, signed_in = (
        re.sub("<!--.*-->$", "", browser.get(address).content.decode()) for browser in (client, sign_in(Client(), ana))
    )
    assert ana.user.email not in signed_in
    if "token" not in anonymous:
        assert signed_in == anonymous


@pytest.mark.parametrize("address", UNKNOWN)
def test_unknown_address_answers_404_to_everybody(client: Client, ana: Member, address: str) -> None:
    for browser in (client, sign_in(Client(), ana)):
        assert browser.get(address).status_code == 404


# What needs a signed-in user


def test_the_public_routes_exist() -> None:
    assert set(all_routes()) >= ANONYMOUS_ROUTES | SIGN_IN_ROUTES
    assert not ANONYMOUS_ROUTES & SIGN_IN_ROUTES


def test_a_page_not_on_the_list_redirects_to_the_sign_in_page(client: Client, db: None) -> None:
    answer = client.get("/members/?sort=name")
    assert answer["Location"] == "/sign-in/?next=/members/%3Fsort%3Dname"


def test_a_view_cannot_exempt_itself(client: Client, db: None, settings: object) -> None:
    """allauth marks its password page as needing a login; a view that marks the opposite is ignored."""
    settings.ROOT_URLCONF = "tests.access.test_middleware"
    assert client.get("/opens-itself/")["Location"] == "/sign-in/?next=/opens-itself/"


def opens_itself(request: object) -> object:
    raise AssertionError("nobody gets here")


opens_itself.login_required = False
urlpatterns = [path("opens-itself/", opens_itself), *get_resolver("peersupport.urls").url_patterns]


@pytest.mark.parametrize("method", ["head", "options", "put", "patch", "delete", "trace"])
def test_no_method_gets_past_the_sign_in_page(client: Client, ana: Member, method: str) -> None:
    for address in ("/members/", f"/members/{ana.pk}/", "/my-page/", "/my-page/password/", "/home/", "/desk/"):
        answer = getattr(client, method)(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


# Forms of staff pages: CSRF tokens


def test_staff_form_without_a_csrf_token_is_refused_in_plain_words(strict: Client, coordinator: User) -> None:
    answer = strict.post("/sign-in/", {"login": coordinator.email, "password": CAST_PASSWORD})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Please send that once more" in page
    for technical in ("CSRF", "cookie not set", "Forbidden"):
        assert technical not in page


def test_staff_form_with_its_csrf_token_is_accepted(strict: Client, coordinator: User) -> None:
    strict.get("/sign-in/")
    typed = {"login": coordinator.email, "password": CAST_PASSWORD}
    typed["csrfmiddlewaretoken"] = strict.cookies["csrftoken"].value
    assert strict.post("/sign-in/", typed).status_code == 302
    assert strict.cookies["csrftoken"]["max-age"] == ""


# Forms of anonymous pages: their origin


@pytest.mark.parametrize(
    ("headers", "is_accepted"),
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
def test_only_this_site_can_post_to_anonymous_pages(
    strict: Client, db: None, headers: dict[str, str], is_accepted: bool
) -> None:
    answer = strict.post("/request/return/", {"receipt": ""}, headers=headers)
    assert answer.status_code == (200 if is_accepted else 403)
    assert not answer.cookies


def test_anonymous_page_can_be_read_from_anywhere(strict: Client, db: None) -> None:
    assert strict.get("/request/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


# Every response


@pytest.mark.parametrize("address", ["/", "/request/", "/sign-in/", "/members/", "/nowhere/", "/request"])
def test_every_response_has_the_strict_headers(client: Client, db: None, address: str) -> None:
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
def test_a_wrong_host_is_a_plain_400_on_both_planes(client: Client, db: None, address: str) -> None:
    answer = client.get(address, headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert not answer.cookies


def test_redirect_to_tls_comes_before_any_page(client: Client, settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = True
    for address in ("/", "/members/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (301, f"https://testserver{address}")


def test_middleware_is_in_the_order_that_it_relies_on() -> None:
    order = [name.rpartition(".")[2] for name in settings.MIDDLEWARE]
    assert order[0] == "PlaneMiddleware", "everything after it needs to know the plane"
    assert order.index("PaddingMiddleware") == 2, "it pads what all others answer"
    assert order.index("CommonMiddleware") < order.index("SameOriginMiddleware"), "a wrong host is refused first"
    for earlier, later in zip(
        [
            "SameOrigin",
            "StaffSession",
            "StaffCsrf",
            "StaffAuthentication",
            "SessionEnd",
            "StaffMessage",
            "StaffLoginRequired",
        ],
        [
            "StaffSession",
            "StaffCsrf",
            "StaffAuthentication",
            "SessionEnd",
            "StaffMessage",
            "StaffLoginRequired",
            "Account",
        ],
        strict=True,
    ):
        assert order.index(f"{earlier}Middleware") < order.index(f"{later}Middleware")


# What proxies say


@pytest.mark.parametrize(
    ("said", "is_tls"),
    [
        ("https", True),
        ("https, http", True),
        (" https ,https", True),
        ("http, https", False),
        ("", False),
        (",", False),
    ],
)
def test_the_first_of_several_forwarded_schemes_counts(
    client: Client, db: None, settings: object, said: str, is_tls: bool
) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    assert client.get("/about/", headers={"X-Forwarded-Proto": said}).status_code == (200 if is_tls else 301)


@pytest.mark.parametrize("host", ["elsewhere.example", "a b", "elsewhere.example:port", "[::1", "", "x" * 300])
def test_a_wrong_host_is_answered_in_our_words_and_logged_nowhere(
    client: Client, db: None, capfd: pytest.CaptureFixture[str], host: str
) -> None:
    for method in ("get", "post", "head"):
        answer = getattr(client, method)("/request/", headers={"Host": host})
        assert answer.status_code == 400
    assert "couldn't read what your browser sent" in client.get("/request/", headers={"Host": host}).content.decode()
    assert capfd.readouterr() == ("", "")
