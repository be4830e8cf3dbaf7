"""Whom somebody tells who found a weakness (RFC 9116)."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from peersupport.program.domain.security_txt import contact_uri, expires_on, security_txt
from tests.cast import sign_in_directly

ADDRESS = "/.well-known/security.txt"


@given(st.dates(date(2026, 1, 1), date(2099, 12, 31)))
def test_it_has_not_run_out_and_runs_out_within_a_year(today: date) -> None:
    expires = expires_on(today)
    assert today + timedelta(days=120) < expires < today + timedelta(days=365)
    assert expires.day == 1


@pytest.mark.parametrize(
    ("contact", "uri"),
    [
        ("security@example.org", "mailto:security@example.org"),
        ("mailto:security@example.org", "mailto:security@example.org"),
        ("https://example.org/report", "https://example.org/report"),
        ("tel:+1-201-555-0123", "tel:+1-201-555-0123"),
    ],
)
def test_a_contact_is_a_uri(contact: str, uri: str) -> None:
    assert contact_uri(contact) == uri


def test_it_has_each_field_once_on_a_line_of_its_own() -> None:
    text = security_txt(contact="a@b.c", address="https://x/1", policy="https://x/2", today=date(2026, 11, 30))
    assert text.splitlines() == [
        "Contact: mailto:a@b.c",
        "Expires: 2027-05-01T00:00:00Z",
        "Policy: https://x/2",
        "Preferred-Languages: en",
        "Canonical: https://x/1",
    ]


@pytest.mark.django_db
def test_anybody_gets_it_without_a_cookie_and_nothing_stores_it(client, settings, ana):
    settings.DEFAULT_FROM_EMAIL = "Peer Support <peer@example.org>"
    answer = client.get(ADDRESS)
    assert answer.status_code == 200 and answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "no-store" and not answer.cookies and "Vary" not in answer
    fields = dict(re.findall(r"^([\w-]+): (.+)$", answer.content.decode(), re.MULTILINE))
    assert fields["Contact"] == "mailto:peer@example.org"
    assert fields["Canonical"] == settings.SITE_URL + ADDRESS
    assert datetime.fromisoformat(fields["Expires"]) > timezone.now()
    sign_in_directly(client, ana.user)
    assert client.get(ADDRESS).content == answer.content
    assert client.get(fields["Policy"].removeprefix(settings.SITE_URL)).status_code == 200


@pytest.mark.django_db
def test_the_setting_names_another_contact(client, settings):
    settings.SECURITY_CONTACT = "https://example.org/report"
    assert "Contact: https://example.org/report\n" in client.get(ADDRESS).content.decode()
    page = client.get("/security/").content.decode()
    assert '<a href="https://example.org/report">' in page
    assert "don&#x27;t try it here" in page or "don't try it here" in page


@pytest.mark.django_db
def test_what_we_keep_leads_there(client):
    assert 'href="/security/"' in client.get("/what-we-keep/").content.decode()
