"""The public pages show only what the clinical director published."""

import pytest
from django.urls import reverse

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from stats import actions
from stats.models import StatsReport
from tests.cast import sign_in_directly
from tests.stats.conftest import close_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(at):
    at("2026-06-15")
    close_with(2024, persons=41, contacts=97, concern__grief=15, mode__phone=23)
    close_with(2025, persons=51, contacts=107, concern__grief=35)
    actions.open_year(year=2026)
    return 2024


def public(client, year=2024):
    return client.get(reverse("results:year", args=[year]))


def test_nothing_is_public_before_somebody_publishes_it(client, closed):
    assert {public(client, year).status_code for year in (2023, 2024, 2025, 2026, 10**30)} == {404}
    assert "No year has been published yet. The first report comes when" in client.get("/results/").content.decode()


@pytest.mark.parametrize("shows_concern", [False, True])
def test_the_director_publishes_with_or_without_what_people_came_with(client, closed, director, shows_concern):
    sign_in_directly(client, director)
    typed = {"shows_concern": "yes"} if shows_concern else {}
    assert client.post("/statistics/2024/publish/", typed).status_code == 302
    client.logout()
    answer = public(client)
    page = answer.content.decode()
    assert "about 40–49" in page and "In person" in page and "The team" in page
    assert ("Grief or loss" in page) is shows_concern
    assert not answer.cookies
    assert public(client, 2025).status_code == 404
    listed = client.get("/results/").content.decode()
    assert "/results/2024/" in listed and "/results/2025/" not in listed
    action = "year_published_with_concern" if shows_concern else "year_published"
    assert Entry.objects.filter(action=action, about="year:2024", by=director).count() == 1


def test_the_director_withdraws_it(client, closed, director):
    actions.publish(year=2024, shows_concern=True, by=director)
    sign_in_directly(client, director)
    assert client.post("/statistics/2024/withdraw/").status_code == 302
    assert public(client).status_code == 404
    assert list(StatsReport.objects.filter(year=2024).values_list("is_published", "shows_concern")) == [(False, False)]
    assert Entry.objects.filter(action="year_withdrawn", about="year:2024", by=director).count() == 1


@pytest.mark.parametrize("year", [2023, 2026])
def test_only_closed_years_can_be_published(closed, director, year):
    with pytest.raises(Refused):
        actions.publish(year=year, shows_concern=False, by=director)
    with pytest.raises(Refused):
        actions.withdraw(year=year, by=director)
    assert not Entry.objects.filter(about=f"year:{year}", by=director).exists()


def test_compared_years_share_one_scale(client, closed, ana):
    sign_in_directly(client, ana.user)
    page = client.get("/statistics/side-by-side/").content.decode()
    assert page.index("2024: about 90–99") < page.index("2025: about 100–109")
    assert 'x="60.0%" y="1" width="6.67%"' in page and 'x="66.67%" y="1" width="6.67%"' in page
    assert "2026" not in page
    assert page.count('id="contacts-all-0-title"') == 1
