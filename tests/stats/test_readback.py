"""Published files read back as a stranger would read them, and the command that does so."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string

from stats import queries
from stats.documents import files, readback
from stats.presenters import closed_years
from tests.stats.conftest import close_with


@pytest.fixture
def year_files(db, at):
    at("2025-06-15")
    close_with(2024, persons=41, contacts=1297, concern__grief=15, mode__phone=23)
    closed = queries.closed_year(year=2024)
    page = render_to_string("stats/published_report.html", {"report": closed_years.text_of(closed)})
    return {kind: make(closed) for kind, make in files.FILES.items()} | {"html": page.encode()}


def test_every_number_in_every_file_is_listed(year_files):
    assert readback.check_files(year_files) == []


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("html", b"about 20\xe2\x80\x9329", b"about 20\xe2\x80\x9329 (23)"),
        ("html", b'x="15.0%"', b'x="15.4%"'),
        ("html", b'data-part="team"', b""),
        ("csv", b"concern,grief,10,19", b"concern,grief,15,15"),
        ("json", b'"lo": 20', b'"lo": 23'),
    ],
)
def test_an_unlisted_number_is_found(year_files, kind, old, new):
    if kind == "html" and old not in year_files[kind]:
        old, new = b'x="10.0%"', b'x="10.4%"'
    assert old in year_files[kind]
    assert readback.check_files(year_files | {kind: year_files[kind].replace(old, new)})


def test_an_unlisted_number_in_workbook_or_pdf_is_found(year_files):
    other = json.loads(year_files["json"])
    next(row for row in other["rows"] if row["code"] == "grief").update(lo=30, hi=39)
    changed = year_files | {"json": json.dumps(other).encode()}
    findings = " ".join(readback.check_files(changed))
    for kind in ("XLSX", "PDF", "CSV", "HTML"):
        assert f"{kind}:" in findings


def test_the_command_prints_its_figures_and_reads_a_folder_of_downloads(year_files, tmp_path, capsys):
    few = {"agencies": 1, "releases": 250, "trials": 20}
    call_command("audit_statistics", **few)
    output = capsys.readouterr().out
    assert "Published years read: 2024 (csv html json pdf xlsx)" in output
    assert "narrow below their band: 0 of 52" in output
    assert "Nothing was found beyond the printed bands." in output
    (tmp_path / "statistics-2024.json").write_bytes(year_files["json"].replace(b'"lo": 10', b'"lo": 12'))
    with pytest.raises(CommandError, match="findings"):
        call_command("audit_statistics", folder=tmp_path, **few | {"agencies": 0})
    (tmp_path / "statistics-2024.json").unlink()
    with pytest.raises(CommandError, match="There is no statistics"):
        call_command("audit_statistics", folder=tmp_path, **few | {"agencies": 0})
