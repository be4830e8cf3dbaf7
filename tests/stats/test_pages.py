import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from peersupport.audit.models import Entry
from peersupport.sealing import keyring
from peersupport.team.models import Member
from stats import actions, queries, vault
from stats.documents import exports
from stats.domain.ledger import COUNTERS, Ledger
from stats.models import StatsReport, StatsYear
from stats.presenters.report_text import IN_SENTENCES, READING
from stats.urls import urlpatterns
from tests.cast import sign_in, sign_in_directly
from tests.stats.conftest import close_with, report_of

pytestmark = pytest.mark.django_db
NAMES = [pattern.name for pattern in urlpatterns]
FILES = ("json", "csv", "xlsx", "pdf")
PRESSED = {"publish", "withdraw"}
YEARLY = {"report", "close", "restart", *PRESSED, *(f"report_{kind}" for kind in FILES)}
CLOSED, OPEN, UNKNOWN = 2024, 2025, 2023


def address(name, year=CLOSED):
    return reverse(f"stats:{name}", args=[year] if name in YEARLY else [])


def client_of(client, person):
    """Signed in without the sign-in page, which is slow on purpose and tested elsewhere."""
    sign_in_directly(client, person.user if isinstance(person, Member) else person)
    return client


@pytest.fixture
def years(db, at):
    """One year closed and one open, both with figures that must stay hidden."""
    at("2025-06-15")
    close_with(CLOSED, persons=41, contacts=97, concern__grief=15, concern__work=9, mode__phone=23)
    actions.open_year(year=OPEN)


@pytest.fixture
def people(ana, coordinator, director, designee, operator):
    return {
        "member": ana.user,
        "coordinator": coordinator,
        "director": director,
        "designee": designee,
        "operator": operator,
    }


READERS = {"member", "coordinator", "director", "designee"}
CLOSERS = {"director", "designee"}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in PRESSED])
def test_each_page_opens_to_those_who_may_and_to_nobody_else(client, years, people, name):
    year = OPEN if name in {"close", "restart"} else CLOSED
    welcome = CLOSERS if name in {"close", "restart"} else READERS
    assert client.get(address(name, year)).status_code == 302
    assert client.post(address(name, year)).status_code in {302, 403}
    for role, user in people.items():
        sign_in_directly(client, user)
        assert (role, client.get(address(name, year)).status_code) == (role, 200 if role in welcome else 404)
        if role not in welcome:
            assert (role, client.post(address(name, year)).status_code) == (role, 404)
        elif name not in {"close", "restart"}:
            assert (role, client.post(address(name, year)).status_code) == (role, 405)


@pytest.mark.parametrize("name", sorted(YEARLY))
@pytest.mark.parametrize("year", [UNKNOWN, 0, 10**40])
def test_a_year_that_is_not_there_is_a_404(client, years, director, name, year):
    client_of(client, director)
    assert client.get(address(name, year)).status_code == (405 if name in PRESSED else 404)
    assert client.post(address(name, year)).status_code in {404, 405}


def test_the_report_shows_bands_as_text_and_charts(client, years, director):
    page = client_of(client, director).get(address("report")).content.decode()
    assert "Peer support in 2024" in page
    assert all(str(heading) in page for heading in (IN_SENTENCES, READING))
    assert re.findall(r"ranges__words[^>]*>([^<]+)</td>", page)[:2] == ["about 40–49", "about 90–99"]
    assert "Grief or loss: about 10–19" in page
    assert "too few to break down" in page
    assert "random noise of up to 9 was added to each number (6 or less, 96 times out of 100)" in page
    assert "a band may be off by one" in page and "about 10–19" in page
    bars = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(bars) == 2 + 12 + 6  # lists without any band are one sentence
    assert all("<title id=" in bar and "<desc id=" in bar for bar in bars)
    bands = re.findall(r'<rect[^>]* x="([\d.]+)%"[^>]* width="([\d.]+)%"', page)
    assert bands == [("40.0", "10.0"), ("90.0", "10.0"), ("10.0", "10.0"), ("20.0", "10.0")]
    assert not re.search(r"style=|<script>|\son[a-z]+=|#10|%\s*(more|less)", page)


def test_files_are_the_released_bytes_each_time(client, years, director):
    client_of(client, director)
    first = client.get(address("report_json")), client.get(address("report_csv"))
    actions.reseal()
    actions.tally(year=OPEN, first_this_year=True)
    second = client.get("/statistics/2024.json"), client.get("/statistics/2024.csv")
    assert [answer.content for answer in first] == [answer.content for answer in second]
    assert first[0].json() == queries.report(year=CLOSED) != report_of(CLOSED)
    assert first[1].content.decode() == exports.to_csv(queries.closed_year(year=CLOSED).report)
    assert first[1].content.startswith(b"period,vector,code,lo,hi\r\n2024,persons,all,40,49\r\n")
    assert first[1]["Content-Disposition"] == 'attachment; filename="statistics-2024.csv"'


PLANTED = 7_340_000  # and the following: no other number on any page looks like these
RANDOM = re.compile(r'value="[\w:.-]{40,}"')  # the tokens of forms, which may have any digits


def planted():
    return [PLANTED + i * 11 for i in range(len(COUNTERS))]


@pytest.mark.parametrize("role", ["member", "director"])
def test_an_open_year_leaks_no_figure_on_any_page(client, years, people, at, role):
    row = StatsYear.objects.get(year=OPEN)
    row.blob = vault.seal(row, Ledger(tuple(planted())))
    row.save()
    pages = []
    for today in ("2025-06-15", "2026-01-05"):
        at(today)
        sign_in_directly(client, people[role])
        assert {client.get(address(f"report_{kind}", OPEN)).status_code for kind in FILES} == {404}
        for name in sorted(set(NAMES) - PRESSED - {"report_xlsx", "report_pdf"}):
            for year in (CLOSED, OPEN):
                parameters = {"preview": "1", "format": "json"}
                pages += [
                    client.get(address(name, year), parameters),
                    client.post(address(name, year), {"year": "wrong"}),
                ]
    assert 302 not in {page.status_code for page in pages}
    text = "".join(page.content.decode().replace(",", "") for page in pages)
    assert "734" not in RANDOM.sub("", text)
    at("2026-02-01")
    actions.close_year(year=OPEN)
    sign_in_directly(client, people[role])
    assert "734" in client.get(address("report", OPEN)).content.decode().replace(",", "")


def test_an_open_year_says_why_it_shows_nothing(client, years, ana):
    page = client_of(client, ana).get(address("report", OPEN)).content.decode()
    assert "Still being counted" in page
    assert "<svg" not in page
    assert "ranges" not in page


def test_the_year_so_far_shows_the_team_and_says_why_the_rest_waits(client, years, ana, director):
    page = client_of(client, director).get(address("now")).content.decode()
    assert "Why there's nothing about contacts here" in page
    assert "Suicide intervention" in page
    assert re.search(r'Designated</th>\s*<td class="number" data-label="Number">1<', page)
    assert "<svg" not in page


def test_an_empty_program_shows_one_sentence_and_no_table(client, db, director):
    page = client_of(client, director).get(address("now")).content.decode()
    assert "Nobody is on the team yet." in page and "<table" not in page


def test_the_index_offers_closing_only_when_it_is_due_and_to_those_who_may(client, years, people, at):
    link = address("close", OPEN)

    def offered_to():
        offered = set()
        for role in READERS:
            sign_in_directly(client, people[role])
            if link in client.get(address("index")).content.decode():
                offered.add(role)
        return offered

    assert offered_to() == set()
    at("2026-01-01")
    assert offered_to() == CLOSERS


def test_the_director_closes_a_year_by_typing_it(client, years, director, at):
    at("2026-01-01")
    client_of(client, director)
    answer = client.post(address("close", OPEN), {"year": " 2025 "}, follow=True)
    assert answer.redirect_chain == [(address("report", OPEN), 302)]
    assert "2025 is closed." in answer.content.decode()
    assert Entry.objects.filter(action="year_closed", about="year:2025", by=director).count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"year": "2024"}, "That isn&#x27;t 2025, so nothing was done."),
        ({"year": "yes"}, "That isn&#x27;t 2025, so nothing was done."),
        ({"year": "\x00"}, ""),
        ({"year": "2" * 500}, ""),
        ({"year": ""}, "Type the year first."),
        ({"other": "1"}, "Type the year first."),
    ],
)
def test_a_typo_closes_nothing_and_stays_in_the_field(client, years, director, at, typed, sentence):
    at("2026-01-01")
    answer = client_of(client, director).post(address("close", OPEN), typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert StatsYear.objects.filter(year=OPEN).exists()
    if typed.get("year") == "yes":
        assert 'value="yes"' in page


def test_closing_too_early_is_refused_with_a_sentence(client, years, director):
    client_of(client, director)
    assert "<form method" not in client.get(address("close", OPEN)).content.decode().split("<main")[1]
    page = client.post(address("close", OPEN), {"year": "2025"}).content.decode()
    assert "2025 hasn&#x27;t ended yet. You can close it once it has." in page
    assert not StatsReport.objects.filter(year=OPEN).exists()


def test_a_missing_key_is_shown_and_the_director_can_restart_the_year(client, years, director, ana, at):
    keyring.destroy(StatsYear.objects.get(year=OPEN).key_id)
    assert "The key for 2025 is missing" in client_of(client, ana).get(address("index")).content.decode()
    client_of(client, director)
    page = client.get(address("index")).content.decode()
    assert "The key for 2025 is missing" in page
    assert address("restart", OPEN) in page
    at("2026-01-01")
    client_of(client, director)
    page = client.post(address("close", OPEN), {"year": "2025"}).content.decode()
    assert "The key for 2025 is missing" in page
    answer = client.post(address("restart", OPEN), {"year": "2025"}, follow=True)
    assert "2025 was started over." in answer.content.decode()
    assert queries.problems_by_year() == {}


def test_a_readable_year_is_not_restarted(client, years, director):
    client_of(client, director)
    assert "nothing to start over" in client.get(address("restart", OPEN)).content.decode()
    before = StatsYear.objects.get(year=OPEN).key_id
    page = client.post(address("restart", OPEN), {"year": "2025"}).content.decode()
    assert "The counters of 2025 are fine" in page
    assert StatsYear.objects.get(year=OPEN).key_id == before


def test_empty_pages_say_what_comes(client, db, director):
    page = client_of(client, director).get(address("index")).content.decode()
    assert "No year is being counted" in page
    assert "The first report comes when the first year is closed" in page


def test_pages_take_as_many_queries_with_thirty_years_as_with_one(client, years, director, at):
    at("2090-06-15")
    client_of(client, director)

    def queries_of():
        counts = {}
        for name in ("index", "now", "report"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address(name)).status_code == 200
            counts[name] = len(captured)
        return counts

    one = queries_of()
    for year in range(2000, 2029):
        close_with(year if year < CLOSED else year + 2)
    assert queries_of() == one


def test_statistics_open_after_a_real_sign_in(client, years, director):
    assert sign_in(client, director).get(address("index")).status_code == 200
