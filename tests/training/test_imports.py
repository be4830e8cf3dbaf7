import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.core.spreadsheet.reading import read_rows, read_workbook_rows
from tests.training.pages import page_text
from training.actions import imports
from training.domain.states import ImportState
from training.models import Import, ImportRow, Record

pytestmark = pytest.mark.django_db
HEADING = "E-mail,Subject,Completed on,Hours"


def csv(*lines, heading=HEADING):
    return "\r\n".join((heading, *lines)).encode()


def xlsx(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in (HEADING.split(","), *rows):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def upload(client, content, capture):
    with capture(execute=True):
        answer = client.post("/training/import/", {"file": SimpleUploadedFile("a.csv", content)})
    assert answer.status_code == 302, page_text(answer)
    return Import.objects.latest("pk"), client.get(answer["Location"])


@pytest.mark.parametrize("kind", ["csv", "semicolons", "utf-16", "xlsx"])
def test_import_is_previewed_confirmed_and_written_once(
    as_coordinator, coordinator, ana, ben, django_capture_on_commit_callbacks, kind
):
    lines = ("ana@example.org,suicide_intervention,2024-03-31,8", "BEN@example.org,Mediation techniques,3/31/2024,1.5")
    content = {
        "csv": csv(*lines),
        "semicolons": csv(*(line.replace(",", ";") for line in lines), heading=HEADING.replace(",", ";")),
        "utf-16": csv(*lines).decode().encode("utf-16"),
        "xlsx": xlsx(
            ["ana@example.org", "suicide_intervention", date(2024, 3, 31), 8],
            ["BEN@example.org", "Mediation techniques", "3/31/2024", 1.5],
        ),
    }[kind]
    found, page = upload(as_coordinator, content, django_capture_on_commit_callbacks)
    assert page.context["counts"] == {"new": 2, "known": 0, "wrong": 0}
    assert not Record.objects.exists(), "nothing before somebody confirms"
    with django_capture_on_commit_callbacks(execute=True):
        as_coordinator.post(f"/training/import/{found.pk}/confirm/")
    assert set(Record.objects.values_list("member", "subject__code", "completed_on", "hours")) == {
        (ana.pk, "suicide_intervention", date(2024, 3, 31), 8), (ben.pk, "mediation", date(2024, 3, 31), 1.5),
    }  # fmt: skip
    assert "2 records added." in page_text(as_coordinator.get(f"/training/import/{found.pk}/"))
    found.refresh_from_db()
    assert (found.state, bytes(found.content), ImportRow.objects.count()) == (ImportState.DONE, b"", 0)
    _, again = upload(as_coordinator, content, django_capture_on_commit_callbacks)
    assert again.context["counts"] == {"new": 0, "known": 2, "wrong": 0}
    assert "nothing to import" in page_text(again)
    audited = Entry.objects.filter(about=f"import:{found.pk}").order_by("pk").values_list("action", "by")
    done = ["import_received", "import_confirmed", "import_written"]
    assert list(audited) == [(action, coordinator.pk) for action in done]


def test_preview_lists_errors_by_row_and_column_and_nothing_is_written(
    as_coordinator, ana, trained, django_capture_on_commit_callbacks
):
    trained(ana, "mediation", date(2024, 1, 1), 8)
    content = csv(
        "nobody@example.org,mediation,2024-03-31,8",
        "ana@example.org,juggling,2024-02-30,eight",
        "ana@example.org,mediation,2024-03-31,=1+1",
        "ana@example.org,mediation,20226-03-31,-8",
        "ana@example.org,mediation,2099-03-31,1.01",
        "ana@example.org,mediation,2024-03-31",
        "ana@example.org,mediation,2024-05-05,4",
        "ana@example.org,mediation,2024-05-05,4",
        "ana@example.org,mediation,2024-01-01,2",
        f"{'x' * 900},mediation,2024-01-02,2",
    )
    found, page = upload(as_coordinator, content, django_capture_on_commit_callbacks)
    remarks = {(row.number, column): text for row in found.rows.all() for column, text in row.shown_remarks}
    expected = {
        (2, "E-mail"): "Nobody on the roster", (3, "Subject"): "isn't on the list", (3, "Completed on"): "write the",
        (3, "Hours"): "a number", (4, "Hours"): "formula", (5, "Completed on"): "write the day",
        (5, "Hours"): "more than 0", (6, "Completed on"): "check the date", (6, "Hours"): "quarter hours",
        (7, "Hours"): "empty", (9, "Completed on"): "Row 8 has the same training",
        (10, "Hours"): "Already on record with 8.00 hours", (11, "E-mail"): "too much",
    }  # fmt: skip
    assert set(remarks) == set(expected)
    assert all(expected[place] in remarks[place] for place in expected), remarks
    assert page.context["counts"] == {"new": 1, "known": 1, "wrong": 8}
    assert "Nothing has been saved" in page_text(page)
    answer = as_coordinator.post(f"/training/import/{found.pk}/confirm/")
    assert "need to be corrected first" in page_text(answer)
    assert Record.objects.count() == 1
    as_coordinator.post(f"/training/import/{found.pk}/leave/")
    assert not ImportRow.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"  \r\n", "empty"),
        (csv("josé@example.org,mediation,2024-03-31,8").decode().encode("latin-1"), "CSV UTF-8"),
        (b"\x00\x01\x02\x03", "CSV UTF-8"),
        (csv(), "no rows below"),
        (csv("a", heading="Name,Course"), "missing the heading"),
        (csv(",".join("x" * 300)), "has more than 50 columns"),
        (csv('ana@example.org,"mediation,2024'), "cut short"),
        (xlsx(["ana@example.org", "mediation", "2024-03-31", 8])[:900], "cut short"),
        (b"PK\x03\x04 and nothing", "cut short"),
        (b"MZ\x90 a program", "CSV UTF-8"),
    ],
)
def test_unreadable_file_is_refused_with_a_sentence(
    as_coordinator, ana, content, sentence, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_coordinator.post("/training/import/", {"file": SimpleUploadedFile("a.xlsx", content)})
    text = page_text(as_coordinator.get(answer["Location"]))
    assert sentence in text
    assert "Nothing was saved" in text
    assert not Record.objects.exists()


def test_formula_in_a_workbook_is_never_evaluated(as_coordinator, ana, django_capture_on_commit_callbacks):
    content = xlsx(["ana@example.org", "mediation", "2024-03-31", "=4+4"])
    found, page = upload(as_coordinator, content, django_capture_on_commit_callbacks)
    assert found.rows.get().shown_remarks == [("Hours", "This cell has a formula. Please write its value instead.")]
    assert "=…" in page_text(page) and "4+4" not in page_text(page)


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail))
def test_reader_survives_any_file(content):
    read_here = read_workbook_rows if content.startswith(b"PK") else read_rows  # a process for each would take minutes
    try:
        read_here(content, HEADING.split(","))
    except Refused as refused:
        assert refused.sentence.endswith(".")


def test_import_is_written_once_however_often_the_task_runs(coordinator, ana):
    received = imports.receive(content=csv("ana@example.org,mediation,2024-01-01,8"), by=coordinator)
    imports.work_on_imports()
    imports.confirm(import_id=received.pk, by=coordinator)
    with pytest.raises(Refused, match="has changed since"):
        imports.discard(import_id=received.pk, by=coordinator)
    for _ in range(2):
        imports.work_on_imports()
    assert Record.objects.count() == 1
    assert Entry.objects.filter(action="import_written").count() == 1


@pytest.mark.parametrize(("cut_short", "state"), [(1, ImportState.CHECKED), (2, ImportState.REFUSED)])
def test_file_is_refused_after_two_interrupted_readings(as_coordinator, coordinator, ana, cut_short, state):
    received = imports.receive(content=csv("ana@example.org,mediation,2024-01-01,8"), by=coordinator)
    for _ in range(cut_short):
        assert imports._claim(received.pk, timezone.now())  # and then the worker is gone
        Import.objects.update(claimed_until=timezone.now())
    imports.work_on_imports()
    received.refresh_from_db()
    assert received.state == state
    if state == ImportState.REFUSED:
        assert (bytes(received.content), received.claimed_until) == (b"", None)
        assert "finish reading this file" in page_text(as_coordinator.get(f"/training/import/{received.pk}/"))


def test_unread_file_uploaded_twice_is_one_import(as_coordinator):
    for expected in (1, 2):
        for _ in range(2):
            file = SimpleUploadedFile("a.csv", csv("ana@example.org,mediation,2024-01-01,8"))
            answer = as_coordinator.post("/training/import/", {"file": file})
        assert answer["Location"] == f"/training/import/{Import.objects.latest('pk').pk}/"
        assert Import.objects.count() == expected
        Import.objects.update(state=ImportState.CHECKED)


def test_template_can_be_read_back(as_coordinator):
    rows = read_rows(as_coordinator.get("/training/import/template.csv").content, HEADING.split(","))
    assert rows[0].cells["Subject"] == "Suicide intervention"


def test_upload_without_content_is_refused_with_a_sentence(as_coordinator):
    assert "Please choose a file" in page_text(as_coordinator.post("/training/import/"))
    assert "This file is empty" in page_text(
        as_coordinator.post("/training/import/", {"file": SimpleUploadedFile("a.csv", b"")})
    )


def test_many_imports_have_pages_and_cost_no_more_queries(as_coordinator, coordinator, django_assert_num_queries):
    def receive(number):
        day = timezone.localdate()
        Import.objects.bulk_create(
            Import(state=ImportState.DISCARDED, uploaded_by=coordinator, uploaded_on=day, content=b"")
            for _ in range(number)
        )

    receive(1)
    as_coordinator.get("/training/import/")
    with CaptureQueriesContext(connection) as of_one:
        as_coordinator.get("/training/import/")
    receive(59)
    with django_assert_num_queries(len(of_one)):
        last = as_coordinator.get("/training/import/?page=3").content.decode()
    oldest = Import.objects.earliest("pk")
    assert "Page 3 of 3, 60 in all" in last and f"/training/import/{oldest.pk}/" in last
