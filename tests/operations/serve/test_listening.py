"""Where an installation listens."""

import pytest

from operations.serve.domain.listening import EVERYWHERE, LOOPBACK, Listening, ready_address, where

SITE, TRIAL = "https://peer.example.org", "http://localhost:8123"


@pytest.mark.parametrize(
    ("asked", "configured", "site", "has_tls", "expected"),
    [
        (None, None, SITE, True, Listening(443, has_tls=True, redirects_plain=True)),
        (None, 8443, SITE, True, Listening(8443, has_tls=True)),
        (9443, 8443, SITE, True, Listening(9443, has_tls=True)),
        (None, None, SITE, False, Listening(8000)),
        (None, 8100, SITE, False, Listening(8100)),
        (8200, 8100, SITE, False, Listening(8200)),
        (None, None, TRIAL, False, Listening(8123)),
        (None, 8100, TRIAL, False, Listening(8100)),
        (8200, None, TRIAL, True, Listening(8200)),
        (None, None, "http://localhost", False, Listening(80)),
    ],
)
def test_the_command_line_counts_before_the_settings_and_the_address(asked, configured, site, has_tls, expected):
    assert where(asked=asked, configured=configured, site=site, has_tls=has_tls) == expected


def test_only_with_a_certificate_is_it_reached_from_outside():
    assert Listening(443, has_tls=True).hosts == EVERYWHERE
    assert Listening(8000).hosts == LOOPBACK


def test_the_ready_line_names_what_the_operator_opens():
    assert ready_address(Listening(8000), SITE) == "https://peer.example.org/"
    assert ready_address(Listening(8200), TRIAL) == "http://localhost:8200/"
