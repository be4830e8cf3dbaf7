import re

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from peersupport.program import actions
from peersupport.program.domain import defaults
from peersupport.program.models import Launch, ProgramSettings
from tests.cast import make_member, sign_in, sign_in_directly
from tests.program.html import Page

PAGES = [
    "program:home",
    "program:about",
    "program:confidentiality",
    "program:what_we_keep",
    "program:resources",
    "team:public",
]

pytestmark = pytest.mark.django_db


def page_at(client: Client, name: str) -> Page:
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    return Page(answer.content.decode())


@pytest.mark.parametrize("name", PAGES)
def test_page_sets_no_cookie_and_reads_none(client, name):
    bare = client.get(reverse(name))
    client.cookies["sessionid"] = "somebody"
    known = client.get(reverse(name))
    assert not bare.cookies and not known.cookies
    assert bare.content == known.content
    assert "Cookie" not in known.headers.get("Vary", "")
    assert known.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", PAGES)
def test_page_is_the_same_for_a_signed_in_member(client, ana, name):
    before = client.get(reverse(name)).content
    sign_in_directly(client, ana.user)
    assert client.get(reverse(name)).content == before


@pytest.mark.parametrize("name", PAGES)
def test_crisis_card_is_on_every_page_with_links_to_call(client, name):
    links = page_at(client, name).links
    for link in (
        "tel:988",
        "sms:988",
        "tel:18002675463",
        "sms:741741?body=BADGE",
        "tel:2064593020",
        "tel:911",
    ):
        assert link in links, link


@pytest.mark.parametrize("name", PAGES)
def test_crisis_line_comes_first_and_cannot_be_closed(client, name):
    page = page_at(client, name)
    first = [attrs["href"] for tag, attrs in page.tags if tag == "a"][:4]
    assert first == ["#content", "tel:988", "sms:988", "tel:18002675463"]
    assert not page.all("button")


@pytest.mark.parametrize("name", PAGES)
def test_exit_works_without_a_script(client, name):
    assert page_at(client, name).all("a", class_="exit") == [{"class": "exit", "href": reverse("requests_app:exit")}]


@pytest.mark.parametrize("name", PAGES)
def test_page_has_nothing_inline_and_nothing_from_elsewhere(client, name):
    page = page_at(client, name)
    assert page.inline == []
    for address in page.addresses:
        assert re.match(r"(/(?!/)|#|tel:|sms:)", address), address


@pytest.mark.parametrize("name", PAGES)
def test_page_has_one_heading_and_its_name_in_the_title(client, name):
    html = client.get(reverse(name)).content.decode()
    heading = re.findall(r"<h1>(.*?)</h1>", html)
    assert len(heading) == 1
    assert f"<title>{heading[0]} · Peer Support</title>" in html


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_to_existing_pages(client, name):
    for link in page_at(client, name).links:
        if link.startswith("/") and link != reverse("requests_app:exit"):
            assert client.get(link).status_code == 200, link


@pytest.mark.parametrize("name", PAGES)
def test_page_shows_the_settings_and_reads_them_once(client, coordinator, name):
    values = {"agency": "River County", "name": "Side by Side", "coordinator_name": "Sgt. Reyes"}
    actions.change_settings(values=values, lines=[], by=coordinator.pk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = page_at(client, name)
    assert "River County" in page.words and "Side by Side" in page.words
    # Whether what was read before is still so, settings, lines, a wording or the members, the notice, and whether the
    # program is open; on the front page also whether the form takes requests, and of the team whose key works and who
    # is paused.
    assert len(queries) <= {"program:home": 9, "team:public": 8}.get(name, 6)


def test_settings_are_escaped(client, coordinator):
    bad = "<script>alert(1)</script>"
    values = dict.fromkeys(("agency", "name", "coordinator_name", "coordinator_contact"), bad)
    values["clinical_director"] = bad
    line = {"name": bad, "description": bad, "call": "1", "text_to": "2", "text_body": '"><b>'}
    actions.change_settings(values=values, lines=[line], by=coordinator.pk)
    for name in PAGES:
        html = client.get(reverse(name)).content.decode()
        assert "<script>" not in html and '"><b>' not in html
        assert "&lt;script&gt;" in html


def test_home_offers_a_peer_first_and_the_way_back_second(client):
    page = page_at(client, "program:home")
    buttons = [attrs["href"] for tag, attrs in page.tags if tag == "a" and "button" in (attrs.get("class") or "")]
    assert buttons == [reverse("requests_app:new_request"), reverse("requests_app:return")]


PROMISE_AND_LIMITS = (
    "Nobody can open what you write here but you and the peer who accepts",
    "not the coordinator, not the clinical director, not the person who runs the server, its database or its",
    "its key is destroyed",
    "No records are kept that identify who uses the program",
    "may be protected by Texas Health and Safety Code chapter 784",
    "We cannot promise it",
    "A server taken over while it runs",
    "the database and the folder of open keys at the same moment, and also has a member's password",
    "The network you are on",
    "Station Wi-Fi",
    "The device you use",
    "An issued phone or computer",
    "A member who talks",
    "made to testify",
    "may still find traces",
    "required by law to report illegal activity, or a danger to yourself or to others",
    "We cannot see who or where you are, so we cannot send help.",
    "call or text 988 now",
)
BROCHURE = (
    "voluntary, objective and nonjudgmental",
    "Supervisors stay out of it.",
    "complements professional care",
    "clinical oversight",
    "critical incident stress, suicide intervention, listening skills, sympathetic stress, basic conflict "
    "management, mediation techniques",
    "why you'd like to take part, what your qualifications are, and how you could help the program",
    "cope with a traumatic event",
    "respect of their peers",
)


@pytest.mark.parametrize(
    ("name", "said"), [("program:confidentiality", PROMISE_AND_LIMITS), ("program:about", BROCHURE)]
)
def test_page_has_every_required_sentence(client, name, said):
    words = page_at(client, name).words
    assert [sentence for sentence in said if sentence not in words] == []


def test_no_page_promises_what_counsel_has_not_approved(client):
    for name in PAGES:
        words = page_at(client, name).words.lower()
        for said in ("not by itself reported", "thoughts alone", "guarantee", "expired", "rejected", "failed", "!"):
            assert said not in words, (name, said)


def test_team_page_names_members_with_the_same_queries_for_many(client, coordinator):
    make_member("Ana Alvarez", confirmed_by=coordinator, unit="Patrol", about="Night shift, <b>two</b> kids.")
    with CaptureQueriesContext(connection) as one:
        page = page_at(client, "team:public")
    assert "Ana Alvarez" in page.words and "Sworn · Patrol" in page.words
    assert "Night shift, <b>two</b> kids." in page.words
    assert "example.org" not in page.words and "on call" not in page.words.lower()
    for number in range(12):
        make_member(f"M{number} Member", confirmed_by=coordinator)
    with CaptureQueriesContext(connection) as many:
        page_at(client, "team:public")
    assert len(many) == len(one)


def test_team_page_without_members_says_what_to_do(client):
    assert "answer day and night" in page_at(client, "team:public").words


# The team takes the program's word, and answers with a page: tests/program/test_program_word.py
ONLY_READ = [(name, method) for name in PAGES for method in ("post", "put", "delete")]
ONLY_READ.remove(("team:public", "post"))


@pytest.mark.parametrize(("name", "method"), ONLY_READ)
def test_pages_are_read_only(client, name, method):
    assert getattr(client, method)(reverse(name)).status_code == 405


def test_missing_page_is_calm_and_keeps_the_crisis_lines(client):
    answer = client.get("/no/such/page/")
    page = Page(answer.content.decode())
    assert answer.status_code == 404 and not answer.cookies
    assert {"tel:988", "sms:988", "tel:911"} <= set(page.links)


@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "507.html"])
def test_error_pages_need_no_database_and_no_request(template, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = Page(render_to_string(template))
    assert {"tel:988", "sms:988", "tel:18002675463"} <= set(page.links)
    assert page.inline == []
    assert len(page.all("h1")) == 1


def test_page_of_a_broken_database_keeps_the_crisis_lines(client):
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE program_crisisline")
    client.raise_request_exception = False
    answer = client.get(reverse("program:home"))
    assert answer.status_code == 500
    assert {"tel:988", "sms:988"} <= set(Page(answer.content.decode()).links)


def test_defaults_are_shown_until_somebody_sets_something(client):
    assert not ProgramSettings.objects.exists()
    page = page_at(client, "program:resources")
    assert defaults.AGENCY in page.words
    for name, words, *_ in defaults.CRISIS_LINES:
        assert name in page.words and words in page.words


def asks(page: Page) -> list[str]:
    """Where the page offers what `/request/` refuses before the launch."""
    return [address for address in page.addresses if address.startswith("/request/")]


@pytest.mark.parametrize("name", PAGES)
def test_page_before_the_launch_offers_no_request_and_keeps_crisis_lines_and_joining(client, ana, name):
    Launch.objects.all().delete()
    page = page_at(client, name)
    assert asks(page) == []
    assert {"tel:988", "sms:988", "/apply/"} <= set(page.links)


def test_front_page_says_whether_the_program_is_open(client):
    said = "The program isn't open yet, so you can't send a request here."
    page = page_at(client, "program:home")
    assert said not in page.words and {"/request/", "/request/return/"} <= set(asks(page))
    Launch.objects.all().delete()
    assert said in page_at(client, "program:home").words


@pytest.mark.parametrize("is_open", [True, False])
def test_names_behind_the_word_offer_a_request_by_name_once_the_program_is_open(client, ana, is_open):
    ProgramSettings.objects.create(pk=1, program_word="heron")
    if not is_open:
        Launch.objects.all().delete()
    asking = Page(client.get(reverse("team:public")).content.decode())
    named = Page(client.post(reverse("team:public"), {"program_word": "heron"}).content.decode())
    assert ana.user.name in named.words
    assert ("/request/" in asks(asking), "/request/" in asks(named)) == (is_open, is_open)


@pytest.mark.django_db
@pytest.mark.parametrize("is_open", [True, False])
def test_before_the_launch_no_page_and_paper_speaks_as_if_officers_could_ask(client, coordinator, request, is_open):
    if not is_open:
        Launch.objects.all().delete()
    empty = Page(client.get("/team/").content.decode()).words
    request.getfixturevalue("ana")
    team, about = (Page(client.get(address).content.decode()).words for address in ("/team/", "/about/"))
    texts = Page(sign_in(client, coordinator).get("/words/").content.decode()).words
    assert ("You can ask for one of them by name" in team, "ask for one of them" in empty) == (is_open, False)
    assert ("The team is being put together." in empty) != is_open
    for page, said in ((team, "isn't open yet"), (about, "isn't open yet"), (texts, "Don't put them up yet")):
        assert (said in page) != is_open
