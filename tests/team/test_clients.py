"""Which client an attempt to sign in is counted for, whatever the proxies write. No database."""

import pytest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from peersupport.team import throttling
from peersupport.team.domain import clients
from peersupport.team.models import User
from tests.cast import CAST_PASSWORD

TOGETHER = clients.UNKNOWN


@pytest.mark.parametrize(
    ("forwarded_for", "proxies", "counted_as"),
    [
        ("203.0.113.7", 1, "203.0.113.7"),
        ("198.51.100.9, 203.0.113.7", 1, "203.0.113.7"),  # the client's own entry is not believed
        ("198.51.100.9, 203.0.113.7", 2, "198.51.100.9"),
        ("203.0.113.7:51234", 1, "203.0.113.7"),
        (" 203.0.113.7 ", 1, "203.0.113.7"),
        ("::ffff:203.0.113.7", 1, "203.0.113.7"),
        ("::FFFF:cb00:7107", 1, "203.0.113.7"),
        ("[::ffff:203.0.113.7]:443", 1, "203.0.113.7"),
        ("2001:db8:7::1", 1, "2001:db8:7::/64"),
        ("2001:DB8:7:0:1::2", 1, "2001:db8:7::/64"),
        ("[2001:db8:7::1]", 1, "2001:db8:7::/64"),
        ('"[2001:db8:7::1]:8443"', 1, "2001:db8:7::/64"),
        ("fe80::1%eth0", 1, "fe80::/64"),
        ("203.0.113.7", 2, TOGETHER),
        ("", 1, TOGETHER),
        ("", 2, TOGETHER),
        (",", 1, TOGETHER),
        ("203.0.113.7, ", 1, TOGETHER),
        ("unknown", 1, TOGETHER),
        ("_hidden", 1, TOGETHER),
        ("for=203.0.113.7", 1, TOGETHER),
        ("203.0.113.777", 1, TOGETHER),
        ("[203.0.113.7", 1, "203.0.113.7"),
        ("[]:443", 1, TOGETHER),
    ],
)
def test_a_client_is_counted_as_the_outermost_own_proxy_saw_it(
    forwarded_for: str, proxies: int, counted_as: str
) -> None:
    assert clients.network(forwarded_for=forwarded_for, remote_address="127.0.0.1", proxies=proxies) == counted_as


@pytest.mark.parametrize(
    ("remote_address", "counted_as"),
    [("203.0.113.7", "203.0.113.7"), ("::ffff:203.0.113.7", "203.0.113.7"), ("", TOGETHER), ("socket", TOGETHER)],
)
def test_without_a_proxy_the_connection_counts_and_no_header(remote_address: str, counted_as: str) -> None:
    found = clients.network(forwarded_for="198.51.100.9", remote_address=remote_address, proxies=0)
    assert found == counted_as


@given(forwarded_for=st.text(alphabet='0123456789abcdef.:,[]% "_/\x00é'), proxies=st.integers(0, 4))
def test_nothing_that_arrives_is_an_error(forwarded_for: str, proxies: int) -> None:
    assert clients.network(forwarded_for=forwarded_for, remote_address=forwarded_for, proxies=proxies)


@pytest.mark.parametrize(
    "headers", [{}, *({"X-Forwarded-For": value} for value in ("", ",", "203.0.113.7", "nonsense", "[", "::ffff:1.2"))]
)
def test_sign_in_works_with_fewer_entries_than_proxies(
    client: Client, coordinator: User, settings: object, headers: dict[str, str]
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    wrong = client.post("/sign-in/", {"login": coordinator.email, "password": "wrong"}, headers=headers)
    assert (wrong.status_code, "Wrong e-mail or password." in wrong.content.decode()) == (200, True)
    right = client.post("/sign-in/", {"login": coordinator.email, "password": CAST_PASSWORD}, headers=headers)
    assert right.status_code == 302
    assert client.post("/sign-in/forgot/", {"email": coordinator.email}, headers=headers).status_code != 500


def test_the_header_is_read_by_the_number_of_proxies(settings: object) -> None:
    def key(forwarded_for: str) -> str:
        request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded_for})
        return throttling.network_of(request)

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert key("::ffff:203.0.113.7") == key("203.0.113.7") != key("::ffff:203.0.113.8")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert key("203.0.113.7") == key("203.0.113.8") == key("")
