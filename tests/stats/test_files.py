"""The spreadsheet and the paper: the same bytes each time, readable by a machine that reads aloud, safe to open."""

import io
import time

import openpyxl
import pypdf
import pytest
import time_machine

from peersupport.core import pdf as printing
from stats import actions, queries
from stats.documents import exports, files, report_pdf, workbook
from stats.domain.ledger import COUNTERS
from stats.presenters.wording import IN_SENTENCES, READING, sentences, wording

ROWS = [
    {"vector": c.vector, "code": c.code, "lo": lo, "hi": lo + 9}
    for c, lo in zip(COUNTERS, range(0, 520, 10), strict=True)
]
TEAM = {
    "members": {"in_training": 2, "designated": 8, "ended": 1},
    "designations": 3,
    "de_selections": 0,
    "departures": 1,
    "training": [
        {"subject": "x", "name": "=1+1", "hours": 7.5, "current": 8, "expiring": 1, "lapsed": 0, "missing": 0},
        {
            "subject": "y",
            "name": "日本 😀 \u202e <b>",
            "hours": 1,
            "current": 8,
            "expiring": 1,
            "lapsed": 0,
            "missing": 0,
        },
    ],
}
REPORT = {"period": "2025", "rows": ROWS, "team": TEAM}
SAID = wording(REPORT, agency="Łódź P.D. #strong[x] \\ \u0007", program="Peer Support")


@pytest.fixture(scope="module")
def pdf():
    return report_pdf.to_pdf(SAID)


def text_of(pdf):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_files_are_the_same_bytes_on_another_day(pdf):
    book = workbook.to_xlsx(REPORT, SAID)
    printing._compiled.cache_clear()
    with time_machine.travel("2031-05-05 03:04:05", tick=False):
        assert workbook.to_xlsx(REPORT, SAID) == book
        assert report_pdf.to_pdf(SAID) == pdf


def test_paper_has_the_headings_of_the_page(pdf):
    assert IN_SENTENCES in text_of(pdf) and READING in text_of(pdf)


def test_paper_is_tagged_titled_and_says_its_pictures_in_words(pdf):
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"].startswith("en")
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Peer support in 2025"
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()
    assert said_of_pictures(catalog["/StructTreeRoot"]).count("Grief or loss: about 40–49") == 1


def said_of_pictures(node):
    """What the tags say in place of each picture."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [alt for each in node for alt in said_of_pictures(each)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/Alt"])] if "/Alt" in node else []
    return own + (said_of_pictures(node["/K"]) if "/K" in node else [])


def test_paper_prints_what_the_agency_typed_and_runs_none_of_it(pdf):
    text = text_of(pdf)
    assert "Łódź P.D. #strong[x] \\ ?" in text
    assert "=1+1" in text
    assert "?? ? ? <b>" in text
    assert "about 40–49" in text and "too few to break down" in text


def test_paper_takes_under_a_second():
    printing._compiled.cache_clear()
    began = time.perf_counter()
    report_pdf.to_pdf(SAID)
    assert time.perf_counter() - began < 5  # 0.2 s on a quiet machine


def test_spreadsheet_has_bands_and_team_and_runs_no_formula():
    book = openpyxl.load_workbook(io.BytesIO(workbook.to_xlsx(REPORT, SAID)))
    assert book.sheetnames == ["Bands", "Team"]
    bands = list(book["Bands"].iter_rows(values_only=True))
    assert bands[0] == ("period", "vector", "code", "lo", "hi", "label", "in words")
    assert [tuple(line[1:5]) for line in bands[1:53]] == [tuple(row.values()) for row in ROWS]
    assert bands[5][5:] == ("Grief or loss", "about 40–49")
    cells = [cell for row in book["Team"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"] or all(cell.data_type != "f" for cell in cells)


def test_sentences_stand_alone_and_claim_no_exact_contact():
    said = sentences(REPORT | {"rows": ROWS[:2]}, agency="A", program="P")
    assert said[0] == "In 2025 the members of P at A gave support: about 10–19 contacts."
    assert said[1] == "New to the program in that year: too few people to give a number."
    designated = "eight members were designated to give support; three designations were made in the year."
    assert said[2] == f"When the year was closed, {designated}"
    few = TEAM | {"designations": 0, "sessions": [{"code": "outreach", "name": "Outreach", "count": 1, "people": 1}]}
    told = sentences(REPORT | {"rows": ROWS[:2], "team": few}, agency="A", program="P")
    assert told[2].endswith("; no designations were made in the year.")
    assert told[4] == "In that year one education or outreach session was held, for one person in all."
    many = TEAM | {"training": [TEAM["training"][0] | {"hours": 12500.5}]}
    told = sentences(REPORT | {"rows": ROWS[:2], "team": many}, agency="A", program="P")
    assert told[3] == "The team trained for 12,500.5 hours in that year."


@pytest.mark.django_db
def test_every_file_of_a_closed_year_is_the_same_after_everything_else_changed(at, ana, coordinator):
    from peersupport.program.actions import change_settings

    at("2025-06-15")
    actions.open_year(year=2024)
    actions.close_year(year=2024)
    closed = queries.closed_year(year=2024)
    first = {kind: make(closed) for kind, make in files.FILES.items()}
    change_settings(values={"agency": "Another", "name": "Other"}, lines=[], by=coordinator.pk)
    ana.state, ana.end_reason, ana.ended_on = "ended", "own_wish", "2025-06-15"
    ana.save()
    at("2029-01-01")
    printing._compiled.cache_clear()
    closed = queries.closed_year(year=2024)
    assert {kind: make(closed) for kind, make in files.FILES.items()} == first
    assert first["csv"].decode() == exports.to_csv(exports.from_json(first["json"].decode()))
