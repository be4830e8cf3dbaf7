"""The workbook and the PDF: the same bytes each time, readable by a screen reader, safe to open."""

import io
import time
from dataclasses import astuple

import openpyxl
import pypdf
import pytest
import time_machine

from peersupport.core import pdf as core_pdf
from stats import actions, queries
from stats.documents import exports, files, report_pdf, workbook
from stats.presenters.report_text import IN_SENTENCES, READING, report_text
from tests.stats.sample import REPORT, ROWS

TEXT = report_text(REPORT, agency="Łódź P.D. #strong[x] \\ \u0007", program="Peer Support")


@pytest.fixture(scope="module")
def pdf():
    return report_pdf.to_pdf(TEXT)


def text_of(pdf):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_files_are_the_same_bytes_on_another_day(pdf):
    book = workbook.to_xlsx(REPORT, TEXT)
    core_pdf._compile.cache_clear()
    with time_machine.travel("2031-05-05 03:04:05", tick=False):
        assert workbook.to_xlsx(REPORT, TEXT) == book
        assert report_pdf.to_pdf(TEXT) == pdf


def test_pdf_has_the_headings_of_the_page(pdf):
    assert str(IN_SENTENCES) in text_of(pdf) and str(READING) in text_of(pdf)


def test_pdf_is_tagged_and_titled_and_describes_its_charts(pdf):
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"].startswith("en")
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Peer support in 2025"
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()
    assert alternative_texts(catalog["/StructTreeRoot"]).count("Grief or loss: about 40–49") == 1


def alternative_texts(node):
    """What the PDF's tags say in place of each image."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [alt for each in node for alt in alternative_texts(each)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/Alt"])] if "/Alt" in node else []
    return own + (alternative_texts(node["/K"]) if "/K" in node else [])


def test_pdf_prints_what_the_agency_typed_and_runs_none_of_it(pdf):
    text = text_of(pdf)
    assert "Łódź P.D. #strong[x] \\ ?" in text
    assert "=1+1" in text
    assert "?? ? ? <b>" in text
    assert "about 40–49" in text and "too few to break down" in text


def test_pdf_is_made_in_seconds():
    core_pdf._compile.cache_clear()
    began = time.perf_counter()
    report_pdf.to_pdf(TEXT)
    assert time.perf_counter() - began < 5  # 0.2 s on a quiet machine


def test_workbook_has_bands_and_team_and_runs_no_formula():
    book = openpyxl.load_workbook(io.BytesIO(workbook.to_xlsx(REPORT, TEXT)))
    assert book.sheetnames == ["Bands", "Team"]
    bands = list(book["Bands"].iter_rows(values_only=True))
    assert bands[0] == ("period", "vector", "code", "lo", "hi", "label", "in words")
    assert [tuple(line[1:5]) for line in bands[1:53]] == [astuple(row) for row in ROWS]
    assert bands[5][5:] == ("Grief or loss", "about 40–49")
    cells = [cell for row in book["Team"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"] or all(cell.data_type != "f" for cell in cells)


@pytest.mark.django_db
def test_files_of_a_closed_year_survive_every_later_change(at, ana, coordinator):
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
    core_pdf._compile.cache_clear()
    closed = queries.closed_year(year=2024)
    assert {kind: make(closed) for kind, make in files.FILES.items()} == first
    assert first["csv"].decode() == exports.to_csv(closed.report)
