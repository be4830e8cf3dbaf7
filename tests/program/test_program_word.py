"""Poster and pocket card, and the word on them that opens the names of the team."""

import io
import re

import pypdf
import pytest
from django.test import Client

from peersupport.program.domain.program_word import matches_program_word
from peersupport.program.models import ProgramSettings
from requests_app.queries import unsealing
from tests.cast import sign_in

pytestmark = pytest.mark.django_db
WORD = "Blue Bonnet"


@pytest.fixture
def word():
    ProgramSettings.objects.update_or_create(pk=1, defaults={"program_word": WORD})


@pytest.mark.parametrize(
    ("typed", "is_it"),
    [
        ("Blue Bonnet", True),
        ("  bluebonnet ", True),
        ("BLUE-BONNET.", True),
        ("blué bonnet", True),
        ("blue bonnets", False),
        ("blue", False),
        ("", False),
        ("...", False),
    ],
)
def test_program_word_is_compared_forgivingly(typed, is_it):
    assert matches_program_word(typed, WORD) is is_it
    assert not matches_program_word(typed, "")


@pytest.mark.parametrize("name", ["poster", "pocket-card"])
def test_poster_and_card_have_address_crisis_lines_and_word(client, coordinator, word, settings, name):
    settings.SITE_URL = "https://peer.example.org"
    answer = sign_in(client, coordinator).get(f"/words/printed/{name}.pdf")
    said = " ".join(pypdf.PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    for part in ("peer.example.org", WORD, "call 988", "1-800-267-5463", "No account, no name"):
        assert part in said
    assert said.count("call 988") == (10 if name == "pocket-card" else 1)


def test_names_need_the_word_and_nothing_remembers_that_it_was_typed(client, ana, word):
    assert "Ana Alvarez" not in client.get("/team/").content.decode()
    wrong = client.post("/team/", {"program_word": "red bonnet"})
    assert "isn&#x27;t the word on the poster" in wrong.content.decode() and "Ana Alvarez" not in wrong.content.decode()
    right = client.post("/team/", {"program_word": "blue bonnet"})
    assert "Ana Alvarez" in right.content.decode()
    assert not right.cookies
    assert "Ana Alvarez" not in client.get("/team/").content.decode()


def test_request_form_names_members_only_with_the_word(client: Client, ana, ben, word):
    assert "Ana Alvarez" not in client.get("/request/").content.decode()
    page = client.post("/request/", {"program_word": "bluebonnet", "with_names": "1"}).content.decode()
    assert "Ana Alvarez" in page
    typed = dict(re.findall(r'name="(token|program_word)" value="([^"]*)"', page))
    chosen = {"urgency": "today", "understood": "on", "not_these": [str(ana.pk)]}
    assert 'id="receipt"' in client.post("/request/", {**typed, **chosen}).content.decode()


def test_excluded_member_stays_excluded_when_a_word_is_set_later(client, ana, ben, word):
    typed = {"urgency": "today", "not_these": [str(ana.pk)]}
    page = client.post("/request/", typed).content.decode()  # comes back: not understood yet, and an old form
    assert f'name="not_these" value="{ana.pk}"' in page and "Ana Alvarez" not in page
    token = re.search(r'name="token" value="([^"]+)"', client.get("/request/").content.decode())[1]
    client.post("/request/", {**typed, "understood": "on", "token": token})
    assert [request.routing.offered_to for request in unsealing.open_requests()] == [[ben.pk]]
