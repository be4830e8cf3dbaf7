"""What is printed: tagged, the same bytes each time, names as they are, and seen by whom it should."""

import io
from datetime import date, timedelta

import pypdf
import pytest
import time_machine
from django.utils import timezone

from peersupport import paper
from training import actions
from training.papers import transcript_pdf

from .reports import report_training
from .sessions import plan_session

pytestmark = pytest.mark.django_db
MARKUP = "Ana #strong[x] \\ *Đặng*"


def text_of(pdf):
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_a_transcript_says_what_is_current_the_hours_and_where_each_training_was(ana, coordinator, trained):
    today = timezone.localdate()
    ana.user.name = MARKUP
    ana.user.save()
    ana.refresh_from_db()
    trained(ana, "listening_skills", date(2020, 2, 29), 1.5)
    held = plan_session(coordinator, in_days=-2, provider="A college", course_number="1850")
    actions.note_attendance(session_id=held.pk, present=[ana.pk], by=coordinator)
    report = report_training(ana, provider="Another college")
    actions.verify_report(report_id=report.pk, by=coordinator)
    said = text_of(transcript_pdf(ana, today))
    assert said.startswith(f"Training of {MARKUP}")
    assert "Listening skills ○ Lapsed 28 Feb 2022" in said
    assert "29 February 2020 Listening skills 1.5" in said
    assert "Talking about suicide, A college, TCOLE 1850" in said
    assert "Another college" in said
    assert "13.5 hours in all." in said


def test_a_transcript_is_the_same_file_whenever_it_is_asked_for(ana, trained):
    trained(ana, "mediation", date(2024, 1, 31))
    ana.refresh_from_db()
    first = transcript_pdf(ana, date(2026, 3, 31))
    paper._compiled.cache_clear()
    with time_machine.travel("2031-05-05 03:04:05", tick=False):
        assert transcript_pdf(ana, date(2026, 3, 31)) == first


def test_a_transcript_with_nothing_on_record_says_so(as_ana, ana, ben):
    answer = as_ana.get(f"/training/members/{ana.pk}/transcript.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert "Nothing is on record yet." in text_of(answer.content)
    assert as_ana.get(f"/training/members/{ben.pk}/transcript.pdf").status_code == 404


def test_a_long_transcript_repeats_the_heads_of_its_table(ana, trained):
    for days in range(120):
        trained(ana, "mediation", date(2024, 1, 1) + timedelta(days=days), 1)
    ana.refresh_from_db()
    pages = pypdf.PdfReader(io.BytesIO(transcript_pdf(ana, date(2026, 3, 31)))).pages
    assert len(pages) > 2
    assert all("Completed on" in page.extract_text() for page in pages[1:])
