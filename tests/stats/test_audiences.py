"""Exact figures about applications and endings: on no public page, in no file, on no page that a member reads."""

import io
import json

import openpyxl
import pypdf
import pytest

from applications.models import PastOutcome
from stats import actions, queries
from stats.documents import files
from tests.cast import make_member, sign_in_directly
from tests.stats.conftest import close_with

pytestmark = pytest.mark.django_db
EXACT = 4321  # no other number on these pages looks like it
SMALL = 1


@pytest.fixture
def declined(db, at, ana):
    """In 2024, one of few was declined, and one colleague was de-selected. In 2025 somebody else was."""
    PastOutcome.objects.create(year_starts_on="2024-01-01", outcome="declined", count=SMALL)
    PastOutcome.objects.create(year_starts_on="2025-01-01", outcome="withdrawn", count=SMALL)
    gone = make_member("Gil Gone")
    gone.state, gone.end_reason, gone.ended_on = "ended", "confidentiality", "2024-06-15"
    gone.save()
    at("2025-06-15")
    close_with(2024)
    actions.open_year(year=2025)


def page(client, person, address):
    sign_in_directly(client, person)
    return client.get(address).content.decode()


def test_staff_reads_exactly_and_the_public_in_bands(declined):
    staff, public = queries.report(year=2024, audience="staff"), queries.report(year=2024, audience="public")
    assert {each["code"]: each.get("count") for each in staff["team"]["applications"]}["declined"] == SMALL
    assert staff["team"]["de_selections"] == 1
    assert [(each["code"], each["lo"], each["hi"]) for each in public["team"]["applications"]] == [
        ("conditional", 0, 9), ("not_accepted", 0, 9),
    ]  # fmt: skip
    assert [(each["code"], each["lo"], each["hi"]) for each in public["team"]["endings"]] == [("all", 0, 9)]
    assert not {"de_selections", "departures"} & set(public["team"])
    assert queries.report(year=2024) == public
    with pytest.raises(ValueError, match="everybody"):
        queries.report(year=2024, audience="everybody")


def test_on_the_page_of_a_closed_year_only_those_who_lead_read_exactly(
    client, declined, ana, coordinator, director, designee
):
    for person in (coordinator, director, designee):
        text = page(client, person, "/statistics/2024/")
        assert "Declined" in text and "Membership ended by the program" in text
        assert "bands of ten" in text.partition('id="files"')[2]
    text = page(client, ana.user, "/statistics/2024/")
    assert "On the waiting list, declined, withdrawn or not pursued" in text
    assert "Membership ended, for any reason" in text
    assert ">Declined<" not in text and "Membership ended by the program" not in text


def test_the_public_page_has_bands(client, declined, director):
    actions.publish(year=2024, shows_concern=False, by=director)
    text = client.get("/results/2024/").content.decode()
    assert "Membership ended, for any reason" in text and ">Declined<" not in text


def everything_in(made):
    book = openpyxl.load_workbook(io.BytesIO(made["xlsx"]))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    pdf = pypdf.PdfReader(io.BytesIO(made["pdf"]))
    return made["json"].decode() + made["csv"].decode() + "\n".join(cells + [p.extract_text() for p in pdf.pages])


def test_no_file_tells_a_small_year_from_another(client, declined, coordinator, ana):
    """One declined and one de-selected: the same files as with nobody declined and one who left, for every reader."""
    sign_in_directly(client, coordinator)
    for_coordinator = {kind: client.get(f"/statistics/2024.{kind}").content for kind in files.FILES}
    sign_in_directly(client, ana.user)
    assert {kind: client.get(f"/statistics/2024.{kind}").content for kind in files.FILES} == for_coordinator
    closed = queries.closed_year(year=2024)
    document = json.loads(closed.document)
    for each in document["team"]["applications"]:
        each["count"] = 0
    document["team"] |= {"de_selections": 0, "departures": 1}
    closed.document = json.dumps(document)
    assert {kind: make(closed) for kind, make in files.FILES.items()} == for_coordinator


def test_large_figures_are_in_bands_in_every_file(declined):
    closed = queries.closed_year(year=2024)
    document = json.loads(closed.document)
    for each in document["team"]["applications"]:
        each["count"] = EXACT
    document["team"] |= {"de_selections": EXACT, "departures": EXACT}
    closed.document = json.dumps(document)
    text = everything_in({kind: make(closed) for kind, make in files.FILES.items()}).replace(",", "")
    assert str(EXACT) not in text and "4320–4329" in text


def test_the_year_so_far_shows_members_neither_number_nor_band(client, declined, ana, coordinator):
    before = page(client, ana.user, "/statistics/now/").partition("<main")[2]
    PastOutcome.objects.filter(year_starts_on="2025-01-01").update(count=30)
    after = page(client, ana.user, "/statistics/now/").partition("<main")[2]
    assert before == after
    assert "Applications by outcome" not in after and "come with the yearly report" in after
    exact = page(client, coordinator, "/statistics/now/")
    assert "Applications by outcome" in exact and ">30<" in exact and "come with the yearly report" not in exact
