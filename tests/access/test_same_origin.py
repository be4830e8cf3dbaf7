"""Whose forms are taken, and to whom typed text is given back, whatever a proxy did to the headers."""

from typing import NamedTuple

import pytest
from django.http import HttpResponse
from django.test import Client

from peersupport.team.models import User

pytestmark = pytest.mark.django_db

SITE = "https://peer.example.org:8443"
TYPED = "I was at the river too."
ACCEPTED, GIVEN_BACK, NOTHING = "accepted", "refused, and given back", "refused, and not shown"


class Row(NamedTuple):
    """What a browser sends, where the program takes the site to be, and what becomes of the form on each plane."""

    fetch_site: str | None
    origin: str | None
    referer: str | None
    seen: str
    anonymous: str
    staff: str


def same(outcome: str) -> tuple[str, str]:
    return outcome, outcome


DROPPED_PORT, DROPPED_TLS, ELSEWHERE = (
    "https://peer.example.org",
    "http://peer.example.org:8443",
    "https://evil.example",
)
ROWS = [
    # Sec-Fetch-Site is sent: it decides, whatever else a proxy adds or drops.
    Row("same-origin", SITE, SITE + "/request/", SITE, *same(ACCEPTED)),
    Row("same-origin", "null", None, SITE, *same(ACCEPTED)),  # the proxy added Referrer-Policy: no-referrer
    Row("same-origin", "null", None, DROPPED_PORT, *same(ACCEPTED)),
    Row("same-origin", "null", None, DROPPED_TLS, *same(ACCEPTED)),
    Row("same-origin", SITE, None, "http://localhost", *same(ACCEPTED)),  # the proxy writes its own name for Host
    Row("same-origin", None, None, SITE, *same(ACCEPTED)),
    Row("cross-site", SITE, SITE + "/", SITE, *same(NOTHING)),
    Row("cross-site", "null", None, SITE, *same(NOTHING)),  # a frame in a sandbox
    Row("cross-site", None, None, SITE, *same(NOTHING)),
    Row("cross-site", ELSEWHERE, ELSEWHERE + "/", SITE, *same(NOTHING)),
    Row("same-site", "https://other.example.org", None, SITE, *same(NOTHING)),
    Row("same-site", DROPPED_PORT, None, SITE, *same(NOTHING)),  # another service on our host
    Row("same-site", "null", None, SITE, *same(NOTHING)),
    Row("nonsense", SITE, None, SITE, *same(NOTHING)),
    Row("same-origin, cross-site", SITE, None, SITE, *same(NOTHING)),
    # "none": no page made the browser post, which says nothing about the form.
    Row("none", SITE, None, SITE, *same(ACCEPTED)),
    Row("none", "null", None, SITE, *same(GIVEN_BACK)),
    Row("none", ELSEWHERE, None, SITE, *same(NOTHING)),
    # It isn't sent: Origin has to name this site, as the request does or as the settings do.
    Row(None, SITE, None, SITE, *same(ACCEPTED)),
    Row(None, SITE, ELSEWHERE + "/", SITE, *same(ACCEPTED)),
    Row(None, SITE, None, DROPPED_PORT, *same(ACCEPTED)),
    Row(None, SITE, None, DROPPED_TLS, *same(ACCEPTED)),
    Row(None, SITE.upper().replace("HTTPS", "https"), None, SITE, *same(ACCEPTED)),
    Row(None, "https://localhost", None, "https://localhost", *same(ACCEPTED)),  # a further name of PEERSUPPORT_HOSTS
    Row(None, "https://localhost:443", None, "https://localhost", *same(ACCEPTED)),
    Row(None, "null", None, SITE, *same(GIVEN_BACK)),  # never trusted; and it names no other site
    Row(None, "https://peer.example.org", None, SITE, *same(GIVEN_BACK)),  # our host, and a port that nobody set
    Row(None, "http://peer.example.org", None, SITE, *same(GIVEN_BACK)),
    Row(None, ELSEWHERE, None, SITE, *same(NOTHING)),
    Row(None, ELSEWHERE, SITE + "/", SITE, *same(NOTHING)),
    Row(None, "https://peer.example.org.evil.example", None, SITE, *same(NOTHING)),
    Row(None, "https://peer.example.org@evil.example", None, SITE, *same(NOTHING)),
    Row(None, "https://other.example.org:8443", None, SITE, *same(NOTHING)),
    Row(None, "", None, SITE, *same(NOTHING)),
    Row(None, "https://[", None, SITE, *same(NOTHING)),
    Row(None, "https://peer.example.org:port", None, SITE, *same(NOTHING)),
    Row(None, f"{SITE}, {ELSEWHERE}", None, SITE, *same(NOTHING)),
    # Neither is sent: the page that linked here, if that is said. Over TLS, staff pages insist on it.
    Row(None, None, SITE + "/sign-in/", SITE, *same(ACCEPTED)),
    Row(None, None, SITE + "/sign-in/", DROPPED_TLS, *same(ACCEPTED)),
    Row(None, None, ELSEWHERE + "/", SITE, *same(NOTHING)),
    Row(None, None, ELSEWHERE + "/", DROPPED_TLS, *same(NOTHING)),
    Row(None, None, "https://[", SITE, *same(NOTHING)),
    Row(None, None, None, SITE, ACCEPTED, GIVEN_BACK),
    Row(None, None, None, DROPPED_TLS, ACCEPTED, ACCEPTED),
]


@pytest.fixture(autouse=True)
def site(settings: object) -> None:
    settings.SITE_URL = SITE
    settings.ALLOWED_HOSTS = ["peer.example.org", "localhost"]


def post(browser: Client, address: str, row: Row, **typed: str) -> HttpResponse:
    scheme, _, host = row.seen.partition("://")
    sent = {"Sec-Fetch-Site": row.fetch_site, "Origin": row.origin, "Referer": row.referer, "Host": host}
    headers = {name: value for name, value in sent.items() if value is not None}
    return browser.post(address, {"message": TYPED, **typed}, headers=headers, secure=scheme == "https")


def outcome(answer: HttpResponse) -> str:
    if answer.status_code != 403:
        assert answer.status_code == 200
        return ACCEPTED
    return GIVEN_BACK if TYPED in answer.content.decode() else NOTHING


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " | ".join(str(part) for part in row[:4]))
def test_a_form_on_both_planes(row: Row) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert outcome(post(browser, "/request/", row)) == row.anonymous
    scheme, _, host = row.seen.partition("://")
    browser.get("/sign-in/", headers={"Host": host}, secure=scheme == "https")
    token = browser.cookies["csrftoken"].value
    typed = {"login": "nobody@example.org", "password": "not this one", "csrfmiddlewaretoken": token}
    assert outcome(post(browser, "/sign-in/", row, **typed)) == row.staff


def test_staff_pages_still_need_the_token(coordinator: User) -> None:
    """Wherever the form came from; and it is given back where the token alone is wrong."""
    browser = Client(enforce_csrf_checks=True)
    row = Row("same-origin", SITE, None, SITE, ACCEPTED, ACCEPTED)
    assert outcome(post(browser, "/sign-in/", row)) == GIVEN_BACK
    browser.get("/sign-in/", headers={"Host": "peer.example.org:8443"}, secure=True)
    assert outcome(post(browser, "/sign-in/", row, csrfmiddlewaretoken="x" * 64)) == GIVEN_BACK
